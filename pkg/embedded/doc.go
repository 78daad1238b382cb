// Package embedded starts and stops the servers that the product needs beside
// itself: a real PostgreSQL and the queue's Redis. It serves "tenantatlas up",
// where an operator should not have to install a database first, and the
// tests, which run against the real thing.
//
// What it owns: finding or installing PostgreSQL's binaries, the data
// directory with one sub-directory per major version, the generated owner
// password, giving up root, and the guarantee that a server does not outlive
// the process that started it. What it does not own: schema, roles and content
// of a database (migrations and the store do), and deployments with a database
// of their own, which pass a connection string and never come here.
//
// Nothing here deletes data. A cluster written by another major version is
// refused, since only its owner can decide between upgrading and moving it.
// The exception is an ephemeral server, which removes what it made.
//
// Begin reading at StartPostgres (postgres.go) and StartQueue (queue.go).
// binaries.go holds the search order, cluster.go the life of a data directory,
// process.go the supervised child that both servers share; identity_*.go and
// system_*.go hold what differs between operating systems.
package embedded
