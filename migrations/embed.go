// Package migrations holds the schema's history: numbered SQL files, each with
// an up and a down part, run in order by store.Migrate and by nothing else. A
// published file is never edited; constraints carry names, because code reads
// them.
package migrations

import "embed"

// FS holds every migration.
//
//go:embed *.sql
var FS embed.FS
