// Package queue carries bells from the outbox to the workers, through Asynq.
//
// Redis is only a doorbell: a task holds a run's id and a dispatch number, and
// nothing is lost when Redis is emptied or away, because runs, their plan, their
// lease and the outbox are rows. A task is never retried by the queue; the sweep
// rings again for whatever was stranded. That it rings twice does no harm: the
// lease decides who works.
//
// It owns the payload, the dispatcher, the sweep's clock and the worker's
// server. What a run is and how it is carried out belongs to pkg/operation.
// Begin with worker.go; dispatch.go and task.go are its parts. Specs drive one
// pass at a time with DispatchOnce and SweepOnce.
package queue
