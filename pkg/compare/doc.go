// Package compare answers what differs between two tenants' policies. It is
// pure: two views of the inventory and a selection in, a preview out; two
// versions in, a list of changes out. It never matches by similarity, and what
// could not be read is "not evaluated", never "absent".
//
// Begin with selection.go, then preview.go and diff.go.
package compare
