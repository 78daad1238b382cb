// Package inventory owns what a tenant has: governed subjects, their immutable
// policy versions, the index of things that policies refer to, and how fresh
// each part of that knowledge is.
//
// A sync reads a tenant type by type. Per subject an unequal hash makes a new
// version and an equal one only moves the time of the last read; a subject that
// a complete listing no longer holds is marked deleted, never erased. Truth is
// ordered by when a read was sent: a listing says nothing about a subject that
// was read after the listing began. A listing that failed says so, and "not
// read" is never "absent".
//
// Begin with inventory.go (the nouns), then capture.go (object → row) and
// sync.go (the work).
package inventory
