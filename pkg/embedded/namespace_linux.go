package embedded

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
)

// namespacedIdentity runs a server as nobody inside a user namespace in which
// nobody is the outer root. Not every container allows that, so it is tried.
func namespacedIdentity(ctx context.Context, dir string) (identity, error) {
	id := identity{dropped: true, namespaced: true, uid: nobody, gid: nobody}
	probe := exec.CommandContext(ctx, "/bin/true")
	id.apply(probe)
	if err := probe.Run(); err != nil {
		return identity{}, unreachable(dir, err)
	}
	return id, nil
}

func unreachable(dir string, cause error) error {
	return fmt.Errorf("PostgreSQL cannot run as root, and another user cannot reach %s (%w); choose a data directory that others may walk to, such as one below /var/lib", filepath.Dir(dir), cause)
}

func mapIntoNamespace(attr *syscall.SysProcAttr, id identity) {
	attr.Cloneflags = syscall.CLONE_NEWUSER
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: int(id.uid), HostID: 0, Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: int(id.gid), HostID: 0, Size: 1}}
	attr.Credential.NoSetGroups = true
}
