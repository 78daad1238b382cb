package embedded

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
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

// servesDirectory tells whether pid is a PostgreSQL started on dir. The command
// line is readable where the working directory of another user's process is
// not, and tells a server from a program that got its number after a restart.
func servesDirectory(pid int, dir string) bool {
	arguments, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && bytes.Contains(arguments, []byte("postgres")) && bytes.Contains(arguments, []byte(dir))
}

// memoryFolder is a folder in memory with room for a test cluster, or "".
func memoryFolder() string {
	const folder, needed = "/dev/shm", 1 << 30
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return ""
	}
	// Containers often get 64 MiB here, less than one empty cluster needs.
	if stat.Bavail*uint64(stat.Bsize) < needed {
		return ""
	}
	return folder
}
