package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// Config is what a Worker is made of. Logger and Hook may be nil.
type Config struct {
	RedisURL    string // redis:// or rediss://
	Outbox      Outbox
	Service     *operation.Service
	Runner      *operation.Runner
	Timing      operation.Timing
	Concurrency int // runs at once in this process; 0 means 4
	Logger      *slog.Logger
	Hook        operation.Hook
}

// Worker dispatches, sweeps and carries out runs. Start it once; after Stop it
// is of no further use.
type Worker struct {
	outbox    Outbox
	service   *operation.Service
	runner    *operation.Runner
	timing    operation.Timing
	log       *slog.Logger
	hook      operation.Hook
	client    *asynq.Client
	inspector *asynq.Inspector
	server    *asynq.Server
	ctx       context.Context //nolint:containedctx // the life of the worker, which outlives the call that starts it
	end       context.CancelFunc
	loops     sync.WaitGroup
	stopLoops context.CancelFunc
}

// pullEvery is how often an idle worker asks Redis for a task.
const pullEvery = 200 * time.Millisecond

// NewWorker wires a worker. It does not connect: Redis may be away.
func NewWorker(c Config) (*Worker, error) {
	redis, err := asynq.ParseRedisURI(c.RedisURL)
	if err != nil {
		return nil, errors.New("the queue's URL cannot be parsed") // it may hold a password
	}
	log := c.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	concurrency := c.Concurrency
	if concurrency <= 0 {
		concurrency = 4
	}
	w := &Worker{
		outbox: c.Outbox, service: c.Service, runner: c.Runner, timing: c.Timing, log: log, hook: c.Hook,
		client: asynq.NewClient(redis), inspector: asynq.NewInspector(redis),
		server: asynq.NewServer(redis, asynq.Config{
			Concurrency: concurrency, Queues: map[string]int{queueName: 1}, TaskCheckInterval: pullEvery,
			ShutdownTimeout: c.Timing.Shutdown, Logger: asynqLog{log}, LogLevel: asynq.WarnLevel,
		}),
	}
	w.ctx, w.end = context.WithCancel(context.Background())
	return w, nil
}

// Start begins to dispatch, to sweep and to work, and returns.
func (w *Worker) Start() error {
	if err := w.server.Start(asynq.HandlerFunc(w.handle)); err != nil {
		return fmt.Errorf("start the worker: %w", err)
	}
	ctx, cancel := context.WithCancel(w.ctx)
	w.stopLoops = cancel
	w.loops.Go(func() { w.every(ctx, w.timing.Poll, "dispatch", w.DispatchOnce) })
	w.loops.Go(func() { w.every(ctx, w.timing.Sweep, "sweep", w.SweepOnce) })
	return nil
}

// Stop pulls no more tasks, lets every run stop after its item in flight and
// give back its lease, and waits for that until Timing.Shutdown has passed or
// ctx ends. What is then still at work loses its context; its lease runs out.
func (w *Worker) Stop(ctx context.Context) error {
	w.runner.Drain()
	if w.stopLoops != nil {
		w.stopLoops()
	}
	done := make(chan struct{})
	go func() {
		w.server.Stop()
		w.server.Shutdown()
		w.loops.Wait()
		close(done)
	}()
	var late error
	select {
	case <-done:
	case <-ctx.Done():
		late = fmt.Errorf("stop the worker: %w", context.Cause(ctx))
	}
	w.end()
	return errors.Join(late, w.client.Close(), w.inspector.Close())
}

// handle is one bell. It never fails the task: the run's row says what is to be
// done next, and the queue must not have an opinion of its own.
func (w *Worker) handle(ctx context.Context, t *asynq.Task) error {
	w.hook.At(operation.PointTaskReceived)
	bell, err := bellOf(t)
	if err != nil {
		w.log.WarnContext(ctx, "task dropped", "error", err)
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(w.ctx, cancel)() //nolint:contextcheck // a task ends with the worker, too
	if err := w.runner.Run(ctx, bell.RunID); err != nil {
		w.log.ErrorContext(ctx, "run left to the sweep", "run_id", string(bell.RunID), "error", err)
	}
	return nil
}

// every runs pass until ctx ends: again at once while there is a full batch to
// do, else after a pause. A fault is logged when it begins and when it ends.
func (w *Worker) every(ctx context.Context, pause time.Duration, name string, pass func(context.Context) (int, error)) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	failing := false
	for {
		n, err := pass(ctx)
		if ctx.Err() != nil {
			return
		}
		if (err != nil) != failing {
			failing = err != nil
			w.log.WarnContext(ctx, "worker loop changed", "loop", name, "failing", failing, "error", err)
		}
		if err == nil && n == dispatchBatch {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// asynqLog sends Asynq's own lines to our log. Its fatal lines do not end the
// process: without Redis the product still answers.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.log.Debug("queue", "text", fmt.Sprint(args...)) }
func (l asynqLog) Info(args ...any)  { l.log.Info("queue", "text", fmt.Sprint(args...)) }
func (l asynqLog) Warn(args ...any)  { l.log.Warn("queue", "text", fmt.Sprint(args...)) }
func (l asynqLog) Error(args ...any) { l.log.Error("queue", "text", fmt.Sprint(args...)) }
func (l asynqLog) Fatal(args ...any) { l.log.Error("queue", "text", fmt.Sprint(args...)) }
