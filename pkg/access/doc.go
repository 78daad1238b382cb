// Package access owns who may do what: the actor, the capability table, and the
// two values everything else asks for, Gate and Scope.
//
// The table is text in the binary (policy.csv, read by Casbin through model.conf)
// and global; who holds which role where is read through Memberships at every
// question, in the caller's transaction, and never cached. Outside the scope the
// answer is "there is nothing here", inside it without the capability "you lack
// this one". A customer exists on the customer plane only.
//
// It does not know accounts, sessions or rows. Begin with gate.go (minting), then
// scope.go (what a minted scope answers) and policy.csv (the table).
package access
