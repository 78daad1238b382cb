package problem

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// pageView is what the address of a problem type answers as JSON.
type pageView struct {
	Type     string `json:"type"`
	Code     string `json:"code"`
	Status   int    `json:"status"`
	Title    string `json:"title"`
	Meaning  string `json:"meaning"`
	NextStep string `json:"next_step"`
	Example  string `json:"example"`
}

var page = template.Must(template.New("problem").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}} – TenantAtlas</title>
<link rel="stylesheet" href="/docs/docs.css">
<main class="problem">
<h1>{{.Title}}</h1>
<p><code>{{.Code}}</code>, HTTP status {{.Status}}</p>
<h2>What it means</h2>
<p>{{.Meaning}}</p>
<h2>What to do</h2>
<p>{{.NextStep}}</p>
<p><a href="/docs">API documentation</a></p>
</main>
</html>
`))

// ServePage answers the address of a problem type: a page for people, JSON for
// everybody else. It returns a fault when slug names no published code.
func ServePage(w http.ResponseWriter, r *http.Request, slug string) error {
	e, ok := Lookup(strings.ReplaceAll(slug, "-", "_"))
	if !ok || e.Slug() != slug {
		return fault.Missing()
	}
	view := pageView{e.Type(), e.Code, e.Status, e.Title, e.Meaning, e.Next, e.Example}
	w.Header().Set("Vary", "Accept")
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(view); err != nil {
			return fmt.Errorf("send the page of %s: %w", e.Code, err)
		}
		return nil
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := page.Execute(w, view); err != nil {
		return fmt.Errorf("send the page of %s: %w", e.Code, err)
	}
	return nil
}
