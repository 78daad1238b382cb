package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// join is what anybody would write by hand for a preview: one join over both
// tenants, every row with what a client is shown of it.
const join = `SELECT s.id, t.id, coalesce(s.policy_type, t.policy_type), coalesce(s.display_name, t.display_name), s.version_id, t.version_id,
	s.last_read_at, t.last_read_at, s.portable_content IS NOT DISTINCT FROM t.portable_content, s.portable_assigned IS NOT DISTINCT FROM t.portable_assigned
	FROM (SELECT * FROM governed_subjects WHERE tenant_id = $1 AND deleted_at IS NULL) s
	FULL JOIN (SELECT * FROM governed_subjects WHERE tenant_id = $2 AND deleted_at IS NULL) t ON t.key_exact = s.key_exact
	ORDER BY 3, 4`

func BenchmarkPreview(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprintf("%dk_per_side/floor=one_hand-written_join", n/1000), func(b *testing.B) {
			t := newTenants(b, n)
			svc, sel := t.service(), t.selection()
			pair(b,
				func(ctx context.Context) error { return rows(ctx, t.pool, join, t.source, t.target) },
				func(ctx context.Context) error {
					c, err := svc.Preview(ctx, t.scope, sel)
					if err == nil && c.Preview.Counts["different"] != n/10 {
						err = errors.New("the preview is wrong")
					}
					return err
				})
		})
	}
}

const reading = `SELECT g.*, v.slots FROM governed_subjects g JOIN policy_versions v ON v.id = g.version_id WHERE g.tenant_id = $1 AND g.deleted_at IS NULL`

func BenchmarkPreflight(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprintf("%dk_per_side/floor=reading_the_same_rows", n/1000), func(b *testing.B) {
			t := newTenants(b, n)
			svc, sel := t.service(), t.selection()
			pair(b,
				func(ctx context.Context) error {
					return errors.Join(rows(ctx, t.pool, reading, t.source), rows(ctx, t.pool, reading, t.target))
				},
				func(ctx context.Context) error {
					v, err := svc.Preflight(ctx, t.scope, sel, false)
					if err == nil && v.Preflight.BucketCounts().Ready != n/5 {
						err = fmt.Errorf("the preflight is wrong: %+v", v.Preflight.BucketCounts())
					}
					return err
				})
		})
	}
}

func BenchmarkNormaliseAndHash(b *testing.B) {
	typ := subject.Lookup("configuration_policies")
	docs := make([][]byte, 500)
	bytes := 0
	for i := range docs {
		docs[i] = bigPolicy(i)
		bytes += len(docs[i])
	}
	b.SetBytes(int64(bytes))
	b.Run("floor=JSON_decoding_alone", func(b *testing.B) {
		pair(b,
			func(context.Context) error {
				for _, d := range docs {
					var v any
					if err := json.Unmarshal(d, &v); err != nil {
						return err
					}
				}
				return nil
			},
			func(context.Context) error {
				for _, d := range docs {
					s, err := subject.Parse(typ, d, "directory")
					if err != nil {
						return err
					}
					if s.Hash() == "" {
						return errors.New("no hash")
					}
				}
				return nil
			})
	})
}

// bigPolicy is a settings-catalog policy of about 20 kB, as they are exported.
func bigPolicy(i int) []byte {
	type object = map[string]any
	settings := make([]any, 60)
	for n := range settings {
		settings[n] = object{"id": strconv.Itoa(n), "settingInstance": object{
			"@odata.type":         "#microsoft.graph.deviceManagementConfigurationChoiceSettingInstance",
			"settingDefinitionId": fmt.Sprintf("device_vendor_msft_policy_config_area%d_setting%d", n%7, n),
			"choiceSettingValue": object{
				"@odata.type": "#microsoft.graph.deviceManagementConfigurationChoiceSettingValue",
				"value":       fmt.Sprintf("device_vendor_msft_policy_config_area%d_setting%d_%d", n%7, n, i%3),
				"children":    []any{},
			},
		}}
	}
	text, err := json.Marshal(object{"name": fmt.Sprintf("Policy %d", i), "platforms": "windows10", "technologies": "mdm", "settings": settings})
	if err != nil {
		panic(err)
	}
	return text
}
