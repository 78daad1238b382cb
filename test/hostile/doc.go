// Package hostile holds the specs of a world that means ill: tenants whose content
// and answers nobody would write, seen end to end from sync to promotion, and
// callers who send whatever the description can be bent to.
//
// front_test.go is a Microsoft Graph that lies; fuzz_test.go makes requests from
// the served description and never wants a fault of ours.
package hostile
