//go:build !linux

package main

// dieWithParent does nothing: only Linux tells a child that its parent died.
func dieWithParent() {}
