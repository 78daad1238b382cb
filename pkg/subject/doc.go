// Package subject owns the governed subject: which policy types there are, what
// makes two objects "the same policy" in two tenants, what of an object is
// content and what is the service's own state, and which ids inside it point at
// other things.
//
// Everything here is a pure function of the raw object and the catalogue row of
// its type. Parse is the door: raw JSON in, Subject out. A Subject's content is
// a small tree (Node) in which sets are marked as sets and every id of another
// object is a reference; it has two texts. Stored is the tenant's own: slots in
// place of references, for the immutable version. Portable puts typed names in
// their place, so that equal policies of two tenants have equal text.
//
// Begin with catalogue.go (the data), then parse.go.
package subject
