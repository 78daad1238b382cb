package embedded

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
)

// namespacedIdentity refuses: there are no user namespaces here.
func namespacedIdentity(_ context.Context, dir string) (identity, error) {
	return identity{}, fmt.Errorf("PostgreSQL cannot run as root, and another user cannot reach %s; start as another user", filepath.Dir(dir))
}

func mapIntoNamespace(*syscall.SysProcAttr, identity) {}
