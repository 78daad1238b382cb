// Package isolation holds the specs of two workspaces that look the same and must
// never find each other: by an id in a path, a body, a filter or a cursor, in a
// list, through a busy directory, or in a stream; and of properties that nobody
// may set from outside.
//
// What is tried is made from the served description; twins_test.go holds the
// two workspaces and what they own.
package isolation
