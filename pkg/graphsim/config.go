package graphsim

import (
	"io/fs"
	"log/slog"
	"time"
)

// Object is one JSON object of the simulated service. Numbers are json.Number
// so that what was loaded is what is read.
type Object = map[string]any

// Config says which tenants a Server simulates and how. The zero value is a
// server without tenants: no faults, no lag, the real limits.
type Config struct {
	// Folders maps a directory id (GUID) to a folder of exports; an empty
	// folder name is an empty tenant.
	Folders map[string]string
	// Tenants are further tenants, also from memory.
	Tenants []Tenant
	// FreshIDs renumbers each folder's own objects, the same way every time
	// for the same directory.
	FreshIDs bool
	// DataDir keeps writes, the journal and the certificate across restarts.
	// Empty keeps everything in memory.
	DataDir string
	// Clock tells the time; nil is time.Now.
	Clock func() time.Time
	// Logger receives what loading skipped and repaired; nil discards.
	Logger *slog.Logger
	// Faults are active from the start.
	Faults []Fault
	// ReadAfterWriteLag is how long a created object stays invisible and a changed one shows
	// its former state.
	ReadAfterWriteLag time.Duration
	// Limits are the throttling limits; the zero value is the real ones.
	Limits Limits
	// Seed makes new ids and fault probabilities repeatable.
	Seed uint64
}

// Tenant is one simulated directory and where its content comes from. None of
// Folder, FS and Objects is an empty tenant; Objects add to a folder's.
type Tenant struct {
	// Directory is the Entra tenant id, a GUID.
	Directory string
	// Folder is a folder of exports on disk.
	Folder string
	// FS is a folder of exports as a file system.
	FS fs.FS
	// Objects maps a collection (folder name) to its objects.
	Objects map[string][]Object
	// NotOffered are definition and template ids this tenant does not offer,
	// besides those in the folder's _meta/not-offered.json.
	NotOffered []string
}

// Limits are the throttling limits. Zero values mean the documented ones.
type Limits struct {
	// Off switches throttling off.
	Off bool
	// Factor multiplies every limit; 0 means 1.
	Factor float64
}
