package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
)

// page is one answer of a listing.
type page struct {
	items []json.RawMessage
	next  string
	at    time.Time
}

func parsePage(body []byte, at time.Time) (page, error) {
	var p struct {
		Value    *[]json.RawMessage `json:"value"`
		NextLink string             `json:"@odata.nextLink"`
	}
	if err := json.Unmarshal(body, &p); err != nil || p.Value == nil {
		return page{}, unreadable("Microsoft Graph gave a list that cannot be read.", err)
	}
	return page{items: *p.Value, next: p.NextLink, at: at}, nil
}

// pages walks a listing from its first request to the last page. An error means
// that the rest was not seen.
func (s *session) pages(ctx context.Context, first request, each func(page) error) error {
	a, err := s.read(ctx, first)
	if err != nil {
		return err
	}
	return s.pagesFrom(ctx, first, a.body, a.at, each)
}

// pagesFrom goes on after a first page that came some other way, e.g. in a batch.
func (s *session) pagesFrom(ctx context.Context, first request, body []byte, at time.Time, each func(page) error) error {
	objects := 0
	for n := 1; ; n++ {
		p, err := parsePage(body, at)
		if err != nil {
			return err
		}
		if objects += len(p.items); objects > s.cfg.MaxObjects {
			return unreadable("The list is longer than allowed.", nil)
		}
		if err := each(p); err != nil || p.next == "" {
			return err
		}
		if n == s.cfg.MaxPages {
			return unreadable("The list has more pages than allowed.", nil)
		}
		a, err := s.follow(ctx, first, p.next)
		if err != nil {
			return err
		}
		body, at = a.body, a.at
	}
}

func (s *session) follow(ctx context.Context, first request, link string) (answer, error) {
	u, err := s.checkLink(link)
	if err != nil {
		return answer{}, err
	}
	next := first
	next.link, next.weight = u, 1
	return s.read(ctx, next)
}

// checkLink accepts only links back to the host the listing came from: the
// token goes with them.
func (s *session) checkLink(link string) (*url.URL, error) {
	u, err := url.Parse(link)
	if err != nil {
		return nil, unreadable("A list continues at an address that cannot be read.", nil)
	}
	if u.Scheme != s.base.Scheme || !strings.EqualFold(u.Host, s.base.Host) || u.User != nil || !strings.HasPrefix(u.Path, version+"/") {
		return nil, &provider.Error{Class: provider.Unreadable, Code: "foreign_link", Message: "A list continues at another service; it was not followed."}
	}
	return u, nil
}

// get reads one object or list by path.
func (s *session) get(ctx context.Context, path string, f family, full bool) (answer, error) {
	return s.read(ctx, request{method: http.MethodGet, path: path, family: f, full: full})
}
