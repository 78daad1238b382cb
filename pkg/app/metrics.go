package app

import (
	"context"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// counted is a store of runs that tells of every run it has ended. It tells
// when the ending is written; should that transaction still fail, the figure is
// one too high until the run is ended again.
type counted struct {
	operation.Store
	told func(operationType, outcome string)
}

// CompleteRun implements operation.Leases.
func (c counted) CompleteRun(ctx context.Context, id operation.RunID, epoch int64, e operation.Ending) (operation.Run, error) {
	r, err := c.Store.CompleteRun(ctx, id, epoch, e)
	if err == nil {
		c.told(string(r.Type), string(r.Outcome))
	}
	return r, err
}
