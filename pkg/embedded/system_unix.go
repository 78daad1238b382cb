//go:build unix

package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// standApart puts the child into a process group of its own: Ctrl-C in a
// terminal interrupts the whole group, and the servers must outlive the work
// that still needs them.
func standApart(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
}

// interrupt asks for a shutdown that waits for nothing but loses nothing.
func interrupt(process *os.Process) error {
	if err := process.Signal(syscall.SIGINT); err != nil {
		return fmt.Errorf("interrupt: %w", err)
	}
	return nil
}

// errLocked says that another process holds a directory's lock.
var errLocked = errors.New("another process uses it")

// lockFile takes an exclusive lock that ends with this process, however it
// ends. It returns errLocked at once when somebody else holds it.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		closeErr := file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(errLocked, closeErr)
		}
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), closeErr)
	}
	return file, nil
}
