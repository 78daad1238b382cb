//go:build !linux

package embedded

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
)

// bindToParent does nothing: there is no parent-death signal here. A server
// left behind is found through its postmaster.pid at the next start.
func bindToParent(*exec.Cmd) {}

// servesDirectory tells whether pid is a PostgreSQL; the directory cannot be
// asked for here, and its lock is already held by the caller.
func servesDirectory(pid int, _ string) bool {
	out, err := exec.CommandContext(context.Background(), "ps", "-o", "comm=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "postgres")
}

// memoryFolder is a folder in memory; none is known here.
func memoryFolder() string { return "" }
