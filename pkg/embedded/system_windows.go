package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// standApart keeps Ctrl-C in a terminal from reaching the child.
func standApart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// interrupt ends the server; Windows offers no signal that asks first, and
// PostgreSQL recovers from its log at the next start.
func interrupt(process *os.Process) error { return process.Kill() }

// errLocked says that another process holds a directory's lock.
var errLocked = errors.New("another process uses it")

// lockFile opens the lock file; PostgreSQL's own postmaster.pid guards the
// directory here.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	return file, nil
}
