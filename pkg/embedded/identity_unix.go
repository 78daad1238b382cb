//go:build linux || darwin

package embedded

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// identity is who a server runs as. PostgreSQL refuses to run as root, so a
// caller that is root gives it to another user.
type identity struct {
	// dropped is false when the server simply runs as the caller.
	dropped bool
	// namespaced servers see themselves as uid inside a user namespace but own
	// files as root outside of it; needed where uid could not reach the data.
	namespaced bool
	uid, gid   uint32
}

// nobody is used where the account database has no suitable entry.
const nobody = 65534

// chooseIdentity picks the user for a server whose data live in dir: the
// caller, or for root "postgres" or "nobody", in a user namespace when that
// user could not even walk to dir (a data directory below /root).
func chooseIdentity(ctx context.Context, dir string) (identity, error) {
	if os.Geteuid() != 0 {
		return identity{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
		if uidErr != nil || gidErr != nil || uid == 0 {
			continue
		}
		id := identity{dropped: true, uid: uint32(uid), gid: uint32(gid)}
		if id.canReach(filepath.Dir(dir)) {
			return id, nil
		}
		return namespacedIdentity(ctx, dir)
	}
	return identity{}, fmt.Errorf("PostgreSQL cannot run as root and there is neither a user postgres nor nobody to run it as; start as another user")
}

// apply makes cmd run as this identity, with no supplementary groups.
func (id identity) apply(cmd *exec.Cmd) {
	if !id.dropped {
		return
	}
	attr := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id.uid, Gid: id.gid}}
	if id.namespaced {
		mapIntoNamespace(attr, id)
	}
	cmd.SysProcAttr = attr
}

// own gives path and everything below it to the identity.
func (id identity) own(path string) error {
	if !id.dropped {
		return nil
	}
	uid, gid := int(id.uid), int(id.gid)
	if id.namespaced {
		uid, gid = 0, 0
	}
	err := filepath.WalkDir(path, func(entry string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(entry, uid, gid)
	})
	if err != nil {
		return fmt.Errorf("change the owner: %w", err)
	}
	return nil
}

// canReach tells whether the identity may walk into every folder up to dir.
// It reads permission bits, since root's own access says nothing.
func (id identity) canReach(dir string) bool {
	if !id.dropped || id.namespaced {
		return true
	}
	for current := filepath.Clean(dir); ; current = filepath.Dir(current) {
		info, err := os.Stat(current)
		if err != nil || !id.mayWalk(info) {
			return false
		}
		if current == filepath.Dir(current) {
			return true
		}
	}
}

func (id identity) mayWalk(info fs.FileInfo) bool {
	mode := info.Mode().Perm()
	if stat, isUnix := info.Sys().(*syscall.Stat_t); isUnix {
		switch {
		case stat.Uid == id.uid:
			return mode&0o100 != 0
		case stat.Gid == id.gid:
			return mode&0o010 != 0
		}
	}
	return mode&0o001 != 0
}
