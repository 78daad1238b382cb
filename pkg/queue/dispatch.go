package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// Outbox holds the bells that are due. The store satisfies it.
type Outbox interface {
	// DispatchOutbox hands up to limit due bells to send and marks the sent ones.
	// It stops at the first error of send and returns it with the number sent.
	DispatchOutbox(ctx context.Context, limit int, send func(ctx context.Context, b operation.Bell) error) (int, error)
}

// dispatchBatch bounds one transaction of the dispatcher; sendTimeout keeps a
// Redis that hangs from holding it.
const (
	dispatchBatch = 100
	sendTimeout   = 5 * time.Second
)

// DispatchOnce sends the bells that are due at this moment and returns how many.
// An error leaves the unsent ones for the next pass.
func (w *Worker) DispatchOnce(ctx context.Context) (int, error) {
	n, err := w.outbox.DispatchOutbox(ctx, dispatchBatch, w.send)
	if n > 0 {
		w.hook.At(operation.PointDispatched)
	}
	if err != nil {
		return n, fmt.Errorf("dispatch the outbox: %w", err)
	}
	return n, nil
}

func (w *Worker) send(ctx context.Context, b operation.Bell) error {
	w.hook.At(operation.PointDispatchPicked)
	task, err := newTask(b)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err = w.client.EnqueueContext(ctx, task)
	if errors.Is(err, asynq.ErrTaskIDConflict) {
		err = nil // it was sent before, and the mark was lost
	}
	if err != nil {
		return fmt.Errorf("enqueue run %s: %w", b.RunID, err)
	}
	w.hook.At(operation.PointEnqueued)
	return nil
}

// SweepOnce makes good for what was lost: see operation.Service.Sweep. It also
// deletes what the queue archived, which is of no use: a task whose worker
// vanished.
func (w *Worker) SweepOnce(ctx context.Context) (int, error) {
	n, err := w.service.Sweep(ctx, w.timing)
	if err != nil {
		return 0, fmt.Errorf("sweep: %w", err)
	}
	if _, err := w.inspector.DeleteAllArchivedTasks(queueName); err != nil && !errors.Is(err, asynq.ErrQueueNotFound) {
		w.log.DebugContext(ctx, "archived tasks not deleted", "error", err)
	}
	return n, nil
}
