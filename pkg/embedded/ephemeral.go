package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

const temporaryPrefix = "tenantatlas-pg-"

// temporaryHome makes a folder for an ephemeral server, in memory where there
// is room. It first clears the folders of test runs that were killed, since
// those would fill the memory; a folder whose lock is held is somebody's.
func temporaryHome(ctx context.Context) (string, error) {
	parent := memoryFolder()
	if parent == "" {
		parent = os.TempDir()
	}
	clearAbandoned(ctx, parent)
	dir, err := os.MkdirTemp(parent, temporaryPrefix)
	if err != nil {
		return "", explain("PostgreSQL", err.Error(), fmt.Errorf("make a temporary folder: %w", err))
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		return "", errors.Join(fmt.Errorf("open the temporary folder: %w", err), os.RemoveAll(dir))
	}
	return dir, nil
}

// clearAbandoned is housekeeping: what it cannot clear it leaves alone.
func clearAbandoned(ctx context.Context, parent string) {
	locks, err := filepath.Glob(filepath.Join(parent, temporaryPrefix+"*", "lock"))
	if err != nil {
		return
	}
	for _, path := range locks {
		lock, err := lockFile(path)
		if err != nil {
			continue
		}
		place := home{dir: filepath.Dir(path), lock: lock}
		if major, err := place.existingMajor(); err == nil && major > 0 {
			data := cluster{dir: filepath.Join(place.dir, "pg"+strconv.Itoa(major))}
			if data.clearLeftover(ctx) != nil {
				_ = place.close()
				continue
			}
		}
		_ = os.RemoveAll(place.dir)
		_ = place.close()
	}
}
