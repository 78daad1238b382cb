package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tenantatlas/tenantatlas/api"
)

// descriptions are the files that openapi writes, one per plane.
var descriptions = []struct {
	file  string
	print func() ([]byte, error)
}{
	{"openapi.yaml", func() ([]byte, error) { return api.New(api.Deps{Version: version}).DocumentYAML() }},
}

// runOpenAPI writes the descriptions of the API, the same bytes every time.
func runOpenAPI(_ context.Context, c *call) error {
	f := c.flags("openapi")
	out := f.String("out", "openapi", "folder to write to")
	if _, err := f.parse(c.args); err != nil {
		return err
	}
	if err := os.MkdirAll(*out, 0o755); err != nil { //nolint:gosec // a folder of the repository
		return fmt.Errorf("make the folder: %w", err)
	}
	for _, d := range descriptions {
		text, err := d.print()
		if err != nil {
			return fmt.Errorf("print %s: %w", d.file, err)
		}
		if err := os.WriteFile(filepath.Join(*out, d.file), text, 0o644); err != nil { //nolint:gosec // as above
			return fmt.Errorf("write %s: %w", d.file, err)
		}
	}
	return nil
}
