package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

func digestOf(s sql.NullString) fingerprint.Digest { return fingerprint.Digest(s.String) }

// LostRace implements promotion.Store.
func (d *DB) LostRace(err error) bool { return errors.Is(err, ErrSerialization) }

// FindPreflight implements promotion.Store.
func (d *DB) FindPreflight(ctx context.Context, s access.Scope, f fingerprint.Digest, source, target tenancy.TenantID) (*promotion.Generated, error) {
	var found *promotion.Generated
	err := d.each(ctx, func(scan scanner) error {
		var details []byte
		g := &promotion.Generated{}
		if err := scan(&details); err != nil {
			return err
		}
		recorded := struct {
			GeneratedAt *time.Time             `json:"generated_at"`
			Selection   any                    `json:"selection"`
			RuleVersion string                 `json:"rule_version"`
			Counts      promotion.BucketCounts `json:"counts"`
		}{Selection: &g.Selection, GeneratedAt: &g.At}
		if err := json.Unmarshal(details, &recorded); err != nil {
			return fmt.Errorf("decode the recorded preflight: %w", err)
		}
		g.RuleVersion, g.Counts = recorded.RuleVersion, recorded.Counts
		found = g
		return nil
	}, `SELECT details::text FROM audit_events WHERE workspace_id = ? AND action = 'promotion.preflight.generated'
		AND details ->> 'fingerprint' = ? AND details ->> 'source_tenant_id' = ? AND details ->> 'target_tenant_id' = ?
		ORDER BY seq DESC LIMIT 1`, s.Workspace(), f, source, target)
	return found, err
}
