package bench

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

// BenchmarkList asks for a page of tenants, through the product and through bare
// Echo with pgx and the same rows, without sign-in, scope or description.
func BenchmarkList(b *testing.B) {
	p := newProduct(b, sim{tenants: []graphsim.Tenant{{Directory: sourceDirectory}}})
	for i := range 50 {
		var ignored any
		p.call(http.MethodPost, p.workspace+"/tenants", map[string]any{
			"display_name": "Tenant", "directory_id": "be000000-0000-4000-9000-0000000000" + string(rune('a'+i/10)) + string(rune('0'+i%10)), "cloud": "global",
		}, &ignored)
	}
	floor := bareServer(b, p.dsn)
	b.Run("tenants/floor=bare_Echo+pgx", func(b *testing.B) {
		pair(b,
			func(ctx context.Context) error { return get(ctx, floor+"/tenants", "") },
			func(ctx context.Context) error { return get(ctx, p.url+p.workspace+"/tenants?limit=50", p.token) })
	})
}

func bareServer(b *testing.B, dsn string) string {
	b.Helper()
	pool, err := pgxpool.New(b.Context(), dsn)
	must(b, err)
	type tenant struct{ ID, DisplayName, DirectoryID, Cloud string }
	e := echo.New()
	e.GET("/tenants", func(c echo.Context) error {
		r, err := pool.Query(c.Request().Context(), `SELECT id::text, display_name, directory_id::text, cloud FROM tenants ORDER BY id LIMIT 50`)
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(r, pgx.RowToStructByPos[tenant])
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, list)
	})
	s := httptest.NewServer(e)
	b.Cleanup(func() { s.Close(); pool.Close() })
	return s.URL
}

func get(ctx context.Context, url, token string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var v any
	return decode(resp, &v)
}
