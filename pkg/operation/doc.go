// Package operation owns queued work: what types exist, the life of a run, how
// it is started once, fenced, resumed, cancelled and counted, and what
// Monitoring shows of it.
//
// PostgreSQL is the truth. A start writes the run, its outbox row and its audit
// event in one transaction; the queue only rings the bell. A worker takes the
// run's lease with a new epoch, every write it makes is fenced by that epoch,
// and a sweep rings again for whatever was stranded. Counts and outcome are
// folded from the verdicts of the items, never kept beside them.
//
// It does not own what a type does (a Work of another room), who may do what
// (pkg/access), or where rows live (pkg/store satisfies Store).
//
// Begin with operation.go (the nouns), catalogue.go (the types), work.go (what a
// type implements), then start.go, runner.go and finish.go.
package operation
