package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Opened is a tenant that can be read.
type Opened struct {
	Reader   provider.Reader
	Tenant   tenancy.Tenant
	Revision int64 // of the connection
}

// ErrNoConnection says that the tenant has no connection to open.
var ErrNoConnection = errors.New("inventory: the tenant has no connection")

// Opener opens a tenant for reading with its own credential.
type Opener interface {
	OpenReader(ctx context.Context, s access.Scope, t tenancy.TenantID) (Opened, error)
}

// Finding is what looking at a connection came to.
type Finding struct {
	Revision int64
	Status   tenancy.ConnectionStatus
	Granted  []string
	Missing  []string
	Reason   string
	At       time.Time
}

// Recorder keeps what was found about a connection.
type Recorder interface {
	RecordFinding(ctx context.Context, s access.Scope, t tenancy.TenantID, f Finding) error
}

// Needed are the Graph application roles that the product's features need.
type Needed struct {
	Read  []string
	Write []string
}

// VerifyWork is the work of connection.verify: get a token, read the grants and
// say what is missing. Missing permissions are its finding, not a failure.
type VerifyWork struct {
	Open   Opener
	Record Recorder
	Store  SyncStore
	Needed Needed
}

// Type implements operation.Work.
func (*VerifyWork) Type() operation.Type { return operation.ConnectionVerify }

// Do implements operation.Work.
func (w *VerifyWork) Do(ctx context.Context, x operation.Execution) error {
	done, err := x.Verdicts(ctx)
	if err != nil || len(done) > 0 {
		return err
	}
	if reason, err := x.MayGoOn(ctx, 0); err != nil || reason != "" {
		return err
	}
	started := x.Now()
	if err := x.Begin(ctx, 1); err != nil {
		return err
	}
	v := operation.Verdict{Ordinal: 1, Status: operation.ItemSucceeded, Effect: operation.EffectUnchanged, Attempts: 1, StartedAt: started}
	_, err = w.look(ctx, x)
	if failure := connectionFailure(err); failure != nil {
		v.Status, v.Effect, v.ReasonCode, v.Message = operation.ItemFailed, "", ReasonConnectionFailed, failure.Message
	} else if err != nil {
		return err
	}
	v.FinishedAt = x.Now()
	return x.Settle(ctx, v, nil)
}

// look opens the tenant, reads grants and facts, and records the finding; also
// when there is no token.
func (w *VerifyWork) look(ctx context.Context, x operation.Execution) (Opened, error) {
	t := x.Run().TenantID
	o, err := w.Open.OpenReader(ctx, x.Scope(), t)
	if err != nil {
		return o, fmt.Errorf("open the tenant: %w", err)
	}
	f := Finding{Revision: o.Revision, At: x.Now().UTC().Truncate(time.Microsecond)}
	grants, err := o.Reader.Grants(ctx)
	if err != nil {
		if failure := connectionFailure(err); failure != nil {
			f.Status, f.Reason = tenancy.ConnectionFailed, failure.Message
			err = errors.Join(err, w.record(ctx, x, f, nil))
		}
		return o, err
	}
	f.Granted = union(grants.Granted, grants.Roles)
	facts, err := w.facts(ctx, o.Reader, f)
	if err != nil {
		return o, err
	}
	f.judge(w.Needed)
	return o, w.record(ctx, x, f, facts)
}

func (w *VerifyWork) facts(ctx context.Context, r provider.Reader, f Finding) (*Facts, error) {
	facts, err := r.Facts(ctx)
	if err != nil && provider.ClassOf(err) == "" {
		return nil, err
	}
	// A tenant that does not show its circumstances is treated as unknown, not as free of them.
	return &Facts{
		SecurityDefaultsOn: facts.SecurityDefaultsOn, ApprovalTypes: facts.ApprovalTypes,
		ApprovalKnown: facts.ApprovalKnown && err == nil, Granted: f.Granted, ReadAt: f.At,
	}, nil
}

func (w *VerifyWork) record(ctx context.Context, x operation.Execution, f Finding, facts *Facts) error {
	return x.Fenced(ctx, func(ctx context.Context) error {
		if facts != nil {
			if err := w.Store.SaveFacts(ctx, x.Scope(), x.Run().TenantID, *facts); err != nil {
				return err
			}
		}
		return w.Record.RecordFinding(ctx, x.Scope(), x.Run().TenantID, f)
	})
}

// judge compares the grants with what the features need. Write permissions are
// named, and their absence shows per subject in preflight; only a missing read
// permission makes the connection less than verified.
func (f *Finding) judge(n Needed) {
	missingRead := lacking(f.Granted, n.Read)
	f.Missing = union(missingRead, lacking(f.Granted, n.Write))
	f.Status = tenancy.ConnectionVerified
	if len(missingRead) > 0 {
		f.Status = tenancy.ConnectionPermissionMissing
		f.Reason = "The directory has not granted every permission that reading needs."
	}
}

// lacking lists what is needed and not granted; a ReadWrite role includes its Read role.
func lacking(granted, needed []string) []string {
	var missing []string
	for _, n := range needed {
		if !slices.Contains(granted, n) && !slices.Contains(granted, writeRoleOf(n)) {
			missing = append(missing, n)
		}
	}
	return missing
}

func writeRoleOf(read string) string {
	const suffix, write = ".Read.All", ".ReadWrite.All"
	if len(read) > len(suffix) && read[len(read)-len(suffix):] == suffix {
		return read[:len(read)-len(suffix)] + write
	}
	return read
}

func union(a, b []string) []string {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	out = slices.Compact(out)
	if out == nil {
		out = []string{}
	}
	return out
}

// connectionFailure is the provider's refusal to let us in, if err is one.
func connectionFailure(err error) *provider.Error {
	if errors.Is(err, ErrNoConnection) {
		return &provider.Error{Class: provider.NoToken, Message: "The tenant has no connection yet."}
	}
	e, ok := errors.AsType[*provider.Error](err)
	if !ok {
		return nil
	}
	return e
}
