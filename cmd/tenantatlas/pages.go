package main

import "io/fs"

// pages are the built application, or nil when this program was built without.
func pages() fs.FS { return nil }
