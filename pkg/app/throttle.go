package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

// shortWait is a pause that nobody needs to be told about.
const shortWait = 2 * time.Second

// throttled is a Work that shows in Monitoring when Microsoft's limits hold the
// run back. The Work itself knows nothing of it.
type throttled struct {
	operation.Work
	log *slog.Logger
}

// Do implements operation.Work.
func (t throttled) Do(ctx context.Context, x operation.Execution) error {
	var turn sync.Mutex // a Work may call the provider from several goroutines
	shown := false
	note := func(until time.Time) {
		turn.Lock()
		defer turn.Unlock()
		w := waiting(x.Now(), until)
		if w == nil && !shown {
			return
		}
		shown = w != nil
		// It is a notice, not the run's truth: a failure is logged and passed over.
		if err := x.Wait(ctx, w); err != nil {
			t.log.WarnContext(ctx, "wait not shown", "run_id", string(x.Run().ID), "cause", err)
		}
	}
	return t.Work.Do(provider.OnThrottle(ctx, note), x)
}

func waiting(now, until time.Time) *operation.Waiting {
	if until.IsZero() || until.Sub(now) < shortWait {
		return nil
	}
	return &operation.Waiting{
		Kind: operation.WaitThrottle, Since: now.UTC().Truncate(time.Microsecond),
		Label: "Waiting for Microsoft Graph until " + until.UTC().Format("15:04:05") + " UTC.",
	}
}
