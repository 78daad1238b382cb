// Package frontend carries the single-page application into the program. The
// folder dist holds a placeholder until "npm run build" puts the pages there.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Pages are the files of the last build: index.html, hashed files below assets,
// and placeholder.html, which is there without a build, too.
func Pages() (fs.FS, error) { return fs.Sub(dist, "dist") }
