package main

import "syscall"

// dieWithParent makes "go run" and this program one thing to whoever stops
// them: "go run" does not pass SIGTERM on, and the product started from here
// would stay behind. The setting survives the exec into the product.
func dieWithParent() {
	// A refusal only means that the parent's death goes unnoticed.
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGTERM), 0)
}
