// Package operation owns queued work: what types exist, the life of a run, how
// it is started once, fenced, resumed, cancelled and counted, and what
// Monitoring shows of it.
//
// PostgreSQL is the truth. A start writes the run, its outbox row and its audit
// event in one transaction; the queue only rings the bell. A worker takes the
// run's lease with a new epoch, every write it makes is fenced by that epoch,
// and a sweep rings again for whatever was stranded. Begin with operation.go
// (the nouns), then work.go (what a type implements), start.go and runner.go.
package operation
