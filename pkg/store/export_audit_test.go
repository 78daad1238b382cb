package store

import "database/sql"

// SQLForSpecs is the pool as the application's role uses it.
func SQLForSpecs(d *DB) *sql.DB { return d.sql }
