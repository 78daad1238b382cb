//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"syscall"
)

// become replaces this program with another one, which so receives every
// signal itself.
func become(_ context.Context, path string, args []string) error {
	if err := syscall.Exec(path, append([]string{path}, args...), os.Environ()); err != nil {
		return fmt.Errorf("start %s: %w", path, err)
	}
	return nil
}
