package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// plan collects the steps that lead from have to want.
type plan struct {
	t       *subject.Type
	w       wire
	want    object // nil when the content is not written
	have    object // nil when there is no object
	steps   []provider.Step
	rewrote bool   // the content itself is sent
	graph   string // origin of the service, for links inside bodies
}

// Steps implements provider.Writer. It is pure. Content, children and
// assignments that already are as desired need no step, so the list may be
// empty; each step leaves the object in a state from which Steps goes on.
func (w *writer) Steps(d provider.Desired, current *provider.Object) ([]provider.Step, error) {
	p, err := newPlan(d, current, w.s.base.String())
	if err != nil {
		return nil, err
	}
	if d.WriteContent {
		if err := p.content(); err != nil {
			return nil, err
		}
	}
	if d.WriteAssignments {
		if err := p.assignments(d.Assignments, current); err != nil {
			return nil, err
		}
	}
	return p.steps, nil
}

func newPlan(d provider.Desired, current *provider.Object, graph string) (*plan, error) {
	w, err := known(d.Type)
	if err != nil {
		return nil, err
	}
	if !d.Type.Portable {
		return nil, invalid(d.Type.WhyNotCode, d.Type.WhyNot)
	}
	p := &plan{t: d.Type, w: w, graph: graph}
	if d.WriteContent {
		if p.want, err = decodeObject(d.Content); err != nil {
			return nil, fmt.Errorf("desired content: %w", err)
		}
	}
	if current != nil {
		if p.have, err = decodeObject(current.Raw); err != nil {
			return nil, fmt.Errorf("current content: %w", err)
		}
	}
	if p.have == nil && p.want == nil {
		return nil, invalid("nothing_to_assign", "There is no object to assign.")
	}
	return p, nil
}

func invalid(code, message string) *provider.Error {
	return &provider.Error{Class: provider.Invalid, Code: code, Message: message}
}

// any is an object of the type at hand, for asking its concrete type.
func (p *plan) any() object {
	if p.want != nil {
		return p.want
	}
	return p.have
}

// content adds what makes or changes the object itself, then its children.
func (p *plan) content() error {
	var err error
	switch {
	case p.t.Singleton:
		err = p.replaceSingleton()
	case p.have == nil:
		err = p.create()
	default:
		err = p.replace()
	}
	if err != nil || p.w.after == nil {
		return err
	}
	return p.w.after(p)
}

func (p *plan) create() error {
	if p.w.assignLocked != nil && p.w.assignLocked(p.want) {
		return invalid("read_only_object", "This object is built in and exists in every tenant.")
	}
	p.rewrote = true
	return p.add(provider.StepCreate, "create", http.MethodPost, p.w.path, p.body(p.want, true))
}

func (p *plan) replace() error {
	if err := p.mutable(); err != nil {
		return err
	}
	body, have := p.body(p.want, false), p.body(p.have, false)
	method := http.MethodPut
	if !p.w.whole {
		method = http.MethodPatch
		clearMissing(body, have)
	}
	if sameProperties(body, have, p.w.whole) {
		return nil
	}
	p.rewrote = true
	return p.add(provider.StepReplace, "update", method, p.w.path+"/{id}", body)
}

func (p *plan) replaceSingleton() error {
	body := p.body(p.want, false)
	without(body, odataType)
	if p.have != nil && sameProperties(body, p.body(p.have, false), false) {
		return nil
	}
	p.rewrote = true
	return p.add(provider.StepReplace, "update", http.MethodPatch, p.w.writePath, object{p.w.writeKey: body})
}

// mutable refuses changes the service would refuse or, worse, ignore.
func (p *plan) mutable() error {
	for _, key := range append([]string{odataType}, p.t.Immutable...) {
		want, wants := p.want[key]
		have, has := p.have[key]
		if wants && has && !equal(want, have) {
			return invalid("immutable_change", "A property that cannot change differs: "+key+".")
		}
	}
	return nil
}

// clearMissing makes a PATCH say what is to be emptied: properties it leaves
// out keep their value. Flags have no empty value and stay out.
func clearMissing(body, have object) {
	for key, old := range have {
		if _, ok := body[key]; ok || key == odataType {
			continue
		}
		switch old.(type) {
		case nil, bool:
		case []any:
			body[key] = []any{}
		default:
			body[key] = nil
		}
	}
}

// sameProperties reports whether sending body would change nothing.
func sameProperties(body, have object, whole bool) bool {
	for key, v := range body {
		if h, ok := have[key]; key != odataType && (!ok || !equal(v, h)) && (v != nil || h != nil) {
			return false
		}
	}
	if !whole {
		return true
	}
	for key, h := range have {
		if _, ok := body[key]; !ok && h != nil {
			return false
		}
	}
	return true
}

func (p *plan) add(kind provider.StepKind, label, method, path string, body object) error {
	if strings.HasSuffix(path, "/") || strings.Contains(path, "//") {
		return &provider.Error{Class: provider.Conflict, Code: "child_without_id", Message: "A part of the object came without the id it has to be changed by."}
	}
	step := provider.Step{Kind: kind, Label: label, Method: method, Path: path}
	if body != nil {
		raw, err := encode(body)
		if err != nil {
			return err
		}
		step.Body = raw
	}
	p.steps = append(p.steps, step)
	return nil
}

// serverState is what no body may carry, in any type.
var serverState = []string{
	"id", "createdDateTime", "lastModifiedDateTime", "modifiedDateTime", "deletedDateTime",
	"supportsScopeTags", "version", "isAssigned", "assignments",
	"topicIdentifier", "certificate", "sourceId", "companyCodes", "isGlobalScript", "highestAvailableVersion",
	"token", "lastSyncDateTime", "isReadOnly", "secretReferenceValueId", "isEncrypted", "deployedAppCount",
	"deviceHealthScriptType",
}

// body is the content as it is sent.
func (p *plan) body(content object, creating bool) object {
	o, _ := clone(content).(object)
	tidy(o)
	without(o, serverState...)
	for _, path := range p.t.Volatile {
		if !slices.Contains(neededVolatile, path) {
			removePath(o, path)
		}
	}
	without(o, p.w.strip...)
	if !creating {
		without(o, p.w.stripUpdate...)
		without(o, p.t.Immutable...)
	}
	if p.t.ODataType != "" && text(o, odataType) == "" {
		o[odataType] = "#" + p.t.ODataType
	}
	if p.w.shape != nil {
		p.w.shape(p, o, creating)
	}
	return o
}

// neededVolatile is no difference, but the service wants it when writing.
var neededVolatile = []string{"scheduledActionsForRule[].ruleName"}

// canonical is one text per value, for comparing without order.
func canonical(v any) string {
	raw, err := json.Marshal(v) // keys are sorted
	if err != nil {
		return fmt.Sprintf("%#v", v)
	}
	return string(raw)
}

// sameSet compares two lists as sets.
func sameSet(a, b []any) bool {
	return slices.Equal(sortedTexts(a), sortedTexts(b))
}

func sortedTexts(in []any) []string {
	out := make([]string, len(in))
	for i, e := range in {
		out[i] = canonical(e)
	}
	slices.Sort(out)
	return out
}
