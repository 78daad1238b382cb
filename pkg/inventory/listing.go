package inventory

import (
	"context"
	"strings"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// listing is the reading of one policy type, stored batch by batch so that
// memory stays bounded whatever the tenant holds.
type listing struct {
	*pass
	t       *subject.Type
	capture Capture
	known   map[string]Known
	fresh   []*Captured
	same    []SubjectID
	readAt  time.Time // the oldest read of the batch in same
	changes int
}

// read lists the type. A failed listing leaves the capture incomplete; an error
// is ours, not the tenant's.
func (l *listing) read(ctx context.Context) error {
	var err error
	if l.known, err = l.Store.KnownSubjects(ctx, l.x.Scope(), l.x.Run().TenantID, l.t.Key); err != nil {
		return err
	}
	err = l.opened.Reader.List(ctx, l.t, func(o provider.Object, problem error) error {
		return l.take(ctx, o, problem)
	})
	if err != nil && provider.ClassOf(err) == "" {
		return err
	}
	if ferr := l.flush(ctx); ferr != nil {
		return ferr
	}
	switch {
	case err != nil:
		l.capture.ReasonCode, l.capture.Message = failureCode(err)
	case l.capture.Problems > 0:
		l.capture.ReasonCode, l.capture.Message = ReasonObjectUnreadable, Sentences[ReasonObjectUnreadable]
	default:
		l.capture.Complete = true
	}
	return nil
}

func (l *listing) take(ctx context.Context, o provider.Object, problem error) error {
	if problem != nil || o.ID == "" || strings.ContainsRune(o.ID, 0) {
		l.capture.Problems++
		return nil //nolint:nilerr // as below
	}
	c, err := CaptureObject(l.t, o, l.opened.Tenant.DirectoryID, l.names.NameOf)
	if err != nil {
		l.capture.Problems++
		return nil //nolint:nilerr // an object we cannot read is the listing's finding, counted and shown
	}
	l.capture.Objects++
	known, have := l.known[o.ID]
	c.Entry.ID = known.ID
	switch {
	case have && known.LastReadAt.After(c.Entry.LastReadAt):
		return nil // read later by somebody else, for example a promotion's read-back
	case have && known.Hash == c.Entry.Hash:
		l.touch(c)
		l.changes += revived(known)
	default:
		l.fresh = append(l.fresh, c)
		l.changes++
	}
	if len(l.fresh)+len(l.same) >= batchSize {
		return l.flush(ctx)
	}
	return nil
}

func revived(k Known) int {
	if k.Deleted {
		return 1
	}
	return 0
}

func (l *listing) touch(c *Captured) {
	if len(l.same) == 0 || c.Entry.LastReadAt.Before(l.readAt) {
		l.readAt = c.Entry.LastReadAt
	}
	l.same = append(l.same, c.Entry.ID)
}

func (l *listing) flush(ctx context.Context) error {
	if len(l.fresh)+len(l.same) == 0 {
		return nil
	}
	run := l.x.Run()
	err := l.x.Fenced(ctx, func(ctx context.Context) error {
		if len(l.fresh) > 0 {
			if err := l.Store.SaveCaptured(ctx, l.x.Scope(), run.TenantID, string(run.ID), l.fresh); err != nil {
				return err
			}
		}
		if len(l.same) > 0 {
			return l.Store.TouchSubjects(ctx, l.x.Scope(), run.TenantID, l.same, l.readAt)
		}
		return nil
	})
	if err == nil {
		err = l.label(ctx)
	}
	l.fresh, l.same = l.fresh[:0], l.same[:0]
	return err
}

// label reads the display names of setting definitions that are not known yet,
// with the policies that hold them. Names are a comfort: a tenant that does not
// give them costs nothing but the names.
func (l *listing) label(ctx context.Context) error {
	if !l.t.Catalog || l.t.Key != "configuration_policies" {
		return nil
	}
	for _, c := range l.fresh {
		content, _, err := c.Version.Trees()
		if err != nil {
			return err
		}
		unknown, err := l.Store.UnknownLabels(ctx, subject.SettingIDs(content))
		if err != nil || len(unknown) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		labels, err := l.opened.Reader.SettingLabels(ctx, c.Entry.ObjectID)
		if err != nil && provider.ClassOf(err) == "" {
			return err
		}
		if err := l.Store.SaveLabels(ctx, usable(labels)); err != nil {
			return err
		}
	}
	return nil
}

func usable(labels map[string]string) map[string]string {
	out := make(map[string]string, len(labels))
	for id, label := range labels {
		if label != "" && !strings.ContainsRune(id+label, 0) {
			out[id] = label
		}
	}
	return out
}
