// Package registry owns what there is: workspaces, their members, the tenants
// they look after, who is entitled to which tenant, and how the product reaches
// each tenant (the provider connection and its sealed credential).
//
// Every verb that changes something locks first, reads the actor's rights again
// inside its transaction, changes, and records. A change names the revision it
// was made from. The last owner of a workspace stays, and only an owner grants or
// takes that role. A credential goes in and never comes out, except to workers
// through OpenCredential. Whether a caller may reach a verb at all is decided by the
// edge with access.Gate; the scope is the proof.
//
// Begin with registry.go (the room and its port), then one file per noun.
package registry
