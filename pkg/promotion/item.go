package promotion

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// item is one step of the plan being written.
type item struct {
	*run
	step     PlanStep
	typ      *subject.Type
	started  time.Time
	payload  *subject.Payload
	intended *subject.Subject // what the target shall show, in its own ids
	journal  []JournalRequest
	preIDs   []string // objects that bore the name before the first request
	objectID string
	attempts int

	seen       *provider.Object // the newest reading of the object
	duplicates []string
}

// A decision ends an item with a verdict; it is no fault.
type decision struct{ verdict operation.Verdict }

// Error implements error.
func (d *decision) Error() string { return "decided: " + d.verdict.ReasonCode }

func skip(reason string) error {
	return &decision{operation.Verdict{Status: operation.ItemSkipped, ReasonCode: reason}}
}

func fail(reason, message string) error {
	return &decision{operation.Verdict{Status: operation.ItemFailed, ReasonCode: reason, Message: message}}
}

// carryOut writes the item. A returned error is an infrastructure fault, and the
// item is taken up again later; everything else is a verdict.
func (i *item) carryOut(ctx context.Context) (operation.Verdict, error) {
	i.typ = subject.Lookup(i.step.Type)
	err := i.write(ctx)
	if d, ok := errors.AsType[*decision](err); ok {
		return d.verdict, nil
	}
	if err != nil {
		return operation.Verdict{}, err
	}
	effect := operation.EffectUpdated
	if i.step.Action == Create {
		effect = operation.EffectCreated
	}
	return operation.Verdict{Status: operation.ItemSucceeded, Effect: effect}, nil
}

// write: make the payload, check what the target was, send what is needed, and
// read back. The pre-state is checked once, before the first intent; after that
// only the read-back decides.
func (i *item) write(ctx context.Context) error {
	if err := i.makePayload(ctx); err != nil {
		return err
	}
	var err error
	if i.journal, err = i.Store.Requests(ctx, i.x.Run().ID, i.step.Ordinal); err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	current, err := i.begin(ctx)
	if err != nil {
		return err
	}
	for round := range maxRounds {
		again, err := i.round(ctx, current)
		if err != nil {
			return err
		}
		if !again {
			return i.readBack(ctx)
		}
		// A target that gave no clear answer gets twice the time with every round.
		if err := i.pause(ctx, operation.WaitRetry, "The target gave no clear answer", i.Timing.Throttle<<round); err != nil {
			return err
		}
		if current, err = i.read(ctx); err != nil {
			return err
		}
	}
	return fail(operation.ReasonOutcomeUnknown, "")
}

// maxRounds bounds how often an item whose request got no clear answer is read
// and continued.
const maxRounds = 6

// makePayload resolves the plan's references, those made by earlier steps by
// what they became.
func (i *item) makePayload(ctx context.Context) error {
	targets := make(map[subject.Reference]string, len(i.step.References))
	for _, r := range i.step.References {
		id := r.TargetID
		if r.Step != 0 {
			made := i.result(r.Step)
			if made.Status != operation.ItemSucceeded {
				return skip(operation.ReasonDependencyFailed)
			}
			id = made.TargetObjectID
		}
		targets[subject.Reference{Kind: r.Kind, ID: r.SourceID}] = id
	}
	v, err := i.Store.LoadVersion(ctx, i.x.Scope(), i.x.Run().SourceTenantID, i.step.SourceVersion)
	if err != nil {
		return fmt.Errorf("load the source version: %w", err)
	}
	if v.Hash != i.step.SourceHash {
		return fail(operation.ReasonPayloadUnresolvable, "")
	}
	i.payload, err = subject.Rewrite(i.typ, v.Raw, subject.Wanted{
		Directory: string(i.sourceDir), Name: i.step.Name, Content: i.step.WriteContent, Assignments: i.step.WriteAssignments,
		Resolve: func(r subject.Reference) (string, bool) {
			id, ok := targets[r]
			return id, ok
		},
	})
	if err != nil {
		return fail(operation.ReasonPayloadUnresolvable, "")
	}
	return i.intend()
}

// intend parses what the payload would look like in the target.
func (i *item) intend() error {
	s, err := parsePayload(i.typ, i.payload, string(i.target.Tenant.DirectoryID))
	if err != nil {
		return fail(operation.ReasonPayloadUnresolvable, "")
	}
	i.intended = s
	return nil
}

func parsePayload(t *subject.Type, p *subject.Payload, directory string) (*subject.Subject, error) {
	var o map[string]json.RawMessage
	if err := json.Unmarshal(p.Content, &o); err != nil {
		return nil, fmt.Errorf("decode payload: %w", err)
	}
	assignments, err := json.Marshal(rawList(p.Assignments))
	if err != nil {
		return nil, fmt.Errorf("encode assignments: %w", err)
	}
	o["assignments"] = assignments
	whole, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("encode payload: %w", err)
	}
	return subject.Parse(t, whole, directory)
}

func rawList(list [][]byte) []json.RawMessage {
	out := make([]json.RawMessage, len(list))
	for n, e := range list {
		out[n] = e
	}
	return out
}

// begin finds the object to write to: as planned when nothing has been sent yet,
// else as the journal says.
func (i *item) begin(ctx context.Context) (*provider.Object, error) {
	i.objectID = i.step.TargetObject
	if len(i.journal) == 0 {
		return i.checkPreState(ctx)
	}
	i.preIDs = i.journal[0].PreIDs
	for n := range i.journal {
		if err := i.reconcile(ctx, &i.journal[n]); err != nil {
			return nil, err
		}
	}
	if i.objectID == "" {
		return nil, nil
	}
	return i.read(ctx)
}

// checkPreState: what would be created must be absent, what would be updated
// must be as the preflight saw it.
func (i *item) checkPreState(ctx context.Context) (*provider.Object, error) {
	if i.step.Action == Create {
		return nil, i.checkAbsent(ctx)
	}
	o, err := i.target.Writer.Get(ctx, i.typ, i.step.TargetObject)
	switch provider.ClassOf(err) {
	case provider.Gone:
		return nil, skip(operation.ReasonTargetChanged)
	case "":
	default:
		return nil, i.unreadable(err)
	}
	if err != nil {
		return nil, err
	}
	s, err := subject.Parse(i.typ, o.Raw, string(i.target.Tenant.DirectoryID))
	if err != nil || s.Hash() != i.step.TargetHash {
		return nil, skip(operation.ReasonTargetChanged)
	}
	return &o, nil
}

func (i *item) checkAbsent(ctx context.Context) error {
	found, err := i.target.Writer.FindByName(ctx, i.typ, i.step.Name)
	if err != nil {
		return i.unreadable(err)
	}
	for _, o := range found {
		i.preIDs = append(i.preIDs, o.ID)
		s, err := subject.Parse(i.typ, o.Raw, string(i.target.Tenant.DirectoryID))
		if err != nil || s.Identity.Key(i.plan.Selection.MatchRule) == i.step.SubjectKey {
			return skip(operation.ReasonTargetChanged)
		}
	}
	return nil
}

// unreadable sorts a failed read before anything was sent: a refusal is the
// item's, an outage is nobody's and the item is taken up again.
func (i *item) unreadable(err error) error {
	e, ok := errors.AsType[*provider.Error](err)
	if !ok {
		return err
	}
	switch e.Class {
	case provider.Denied, provider.Invalid, provider.Unreadable:
		return fail(operation.ReasonTargetRefused, e.Message)
	default:
		return err
	}
}

// missing says which parts of the intention the object does not show yet.
func (i *item) missing(current *provider.Object) (content, assignments bool, err error) {
	if current == nil {
		return true, i.step.WriteAssignments, nil
	}
	s, err := subject.Parse(i.typ, current.Raw, string(i.target.Tenant.DirectoryID))
	if err != nil {
		return false, false, fail(operation.ReasonOutcomeUnknown, "")
	}
	content = i.step.WriteContent && (!subject.SameNode(s.Content, i.intended.Content) || !i.sameName(s))
	assignments = i.step.WriteAssignments && !subject.SameNode(s.Assignments, i.intended.Assignments)
	return content, assignments, nil
}

func (i *item) sameName(s *subject.Subject) bool {
	return subject.NormaliseName(s.Identity.Name) == subject.NormaliseName(i.intended.Identity.Name)
}
