package embedded

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// bindToParent asks the kernel to interrupt the child when its parent dies,
// however that happened; PostgreSQL and Redis then shut down cleanly.
func bindToParent(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
}

// servesDirectory tells whether pid is a PostgreSQL running on dir. A server
// changes into its data directory, which tells it from one that merely got the
// same number after a restart.
func servesDirectory(pid int, dir string) bool {
	cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(dir)
	return err == nil && cwd == real
}

// memoryFolder is a folder in memory with room for a test cluster, or "".
func memoryFolder() string {
	const folder, needed = "/dev/shm", 1 << 30
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return ""
	}
	// Containers often get 64 MiB here, less than one empty cluster needs.
	if stat.Bavail*uint64(stat.Bsize) < needed { //nolint:gosec // block sizes are positive
		return ""
	}
	return folder
}
