package api

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantatlas/tenantatlas/api/problem"
	"github.com/tenantatlas/tenantatlas/pkg/compare"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
)

// codeCursorStale refuses a later page of a truth that has moved.
const codeCursorStale = "cursor_stale"

// ComparePage is the page of a derived list; embed it in the body.
type ComparePage struct {
	Limit  int    `json:"limit" required:"false" minimum:"1" maximum:"10000" default:"50" doc:"How many items at most." example:"50"`
	Cursor string `json:"cursor" required:"false" maxLength:"1024" doc:"Where the next page begins: next_cursor of the page before." example:"eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl"`
}

// derivedPage is one page of a list that is derived anew for every page.
type derivedPage struct {
	ComparePage
	cursors Cursors
	what    string // the list: workspace, selection and filter
	at      pagePlace
}

// pagePlace is what a cursor carries: how far, and of which truth.
type pagePlace struct {
	Digest fingerprint.Digest `json:"d"`
	From   int                `json:"n"`
}

// openPage reads the cursor. It is bound to the selection and the filter, which
// are part of the list's name.
func (a *API) openPage(ctx context.Context, list string, p ComparePage, s compare.Selection, filter []string) (*derivedPage, error) {
	// What cannot be meant is refused by the room, after what cannot be found.
	canonical, _ := s.Canonical()
	filter = slices.Clone(filter)
	slices.Sort(filter)
	page := &derivedPage{ComparePage: p, cursors: a.cursors, what: strings.Join([]string{
		list, string(placeOf(ctx).workspace), string(fingerprint.MustOfValue(canonical)), strings.Join(slices.Compact(filter), ","),
	}, ":")}
	_, err := a.cursors.Open(page.what, p.Cursor, &page.at)
	if fault.As(err) != nil {
		err = problem.Field("body.cursor", "expected the next_cursor of the page before")
	}
	return page, err
}

// first reports whether this is the first page, which is where a list begins.
func (p *derivedPage) first() bool { return p.Cursor == "" }

// cut returns the bounds of the page within n items of the truth with the
// digest, and the cursor of the next page.
func (p *derivedPage) cut(digest fingerprint.Digest, n int) (from, until int, next *string, err error) {
	if !p.first() && p.at.Digest != digest {
		return 0, 0, nil, fault.New(fault.Conflict, codeCursorStale, "What these pages were cut from has changed. Start again from the first page.")
	}
	from = min(p.at.From, n)
	until = min(from+p.Limit, n)
	if until < n {
		next, err = p.cursors.Seal(p.what, pagePlace{digest, until})
	}
	return from, until, next, err
}

// chosen keeps the items whose word is among the wanted ones; none wanted means all.
func chosen[S any, T ~string](items []S, wanted []T, word func(*S) T) []*S {
	kept := make([]*S, 0, len(items))
	for i := range items {
		if len(wanted) == 0 || slices.Contains(wanted, word(&items[i])) {
			kept = append(kept, &items[i])
		}
	}
	return kept
}
