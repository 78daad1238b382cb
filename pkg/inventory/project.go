package inventory

import (
	"context"
	"fmt"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// Project renews what comparison sees of every subject of the run's tenant that
// holds references; versions do not change.
func Project(ctx context.Context, store SyncStore, x operation.Execution, names Names) error {
	var moved []Projection
	err := store.ReferringVersions(ctx, x.Scope(), x.Run().TenantID, func(have Projection, v *Version) error {
		p, err := renewed(have.ID, v, names.NameOf)
		if err != nil {
			return fmt.Errorf("project %s: %w", v.ID, err)
		}
		if p != have {
			moved = append(moved, p)
		}
		return nil
	})
	if err != nil || len(moved) == 0 {
		return err
	}
	return x.Fenced(ctx, func(ctx context.Context) error {
		return store.SaveProjections(ctx, x.Scope(), x.Run().TenantID, moved)
	})
}
