package graph

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

const targetDirectory = "77d2c1aa-3f1c-4d0e-9a11-5b5f9e7c0d20"

// simulated is a running simulator and a provider that talks to it.
type simulated struct {
	*graphsim.Server
	p *Provider
}

func simulate(tenants ...graphsim.Tenant) simulated {
	GinkgoHelper()
	sim, err := graphsim.New(graphsim.Config{Tenants: tenants, Limits: graphsim.Limits{Off: true}})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(sim.Close)
	ctx, cancel := context.WithCancel(context.Background())
	DeferCleanup(cancel)
	origin, ca, err := sim.ListenTLS(ctx, "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	pool := x509.NewCertPool()
	Expect(pool.AppendCertsFromPEM(ca)).To(BeTrue())
	p, err := New(Config{GraphURL: origin, LoginURL: origin, ExtraCAs: pool, Limits: Limits{Off: true}, Clock: newFakeClock()})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(p.Close)
	return simulated{sim, p}
}

func (s simulated) open(dir string) provider.Writer {
	GinkgoHelper()
	t := target()
	t.Directory, t.Credential.Secret = tenancy.DirectoryID(dir), "simulated-secret"
	w, err := s.p.Writer(context.Background(), t)
	Expect(err).NotTo(HaveOccurred())
	return w
}

func parsed(t *subject.Type, o provider.Object) *subject.Subject {
	GinkgoHelper()
	s, err := subject.Parse(t, o.Raw, "")
	Expect(err).NotTo(HaveOccurred())
	return s
}

// desired is what a promotion would send: the source's object, unmapped since
// both tenants of these specs share their ids.
func desired(t *subject.Type, o provider.Object) provider.Desired {
	GinkgoHelper()
	same := func(r subject.Reference) (string, bool) { return r.ID, true }
	payload, err := subject.Rewrite(t, o.Raw, subject.Wanted{Directory: directory, Content: true, Assignments: true, Resolve: same})
	Expect(err).NotTo(HaveOccurred())
	d := provider.Desired{Type: t, Content: payload.Content, WriteContent: true, WriteAssignments: t.Assigning != subject.AssignNone}
	for _, a := range payload.Assignments {
		d.Assignments = append(d.Assignments, a)
	}
	return d
}

func carryOut(w provider.Writer, steps []provider.Step, id string) string {
	GinkgoHelper()
	for _, step := range steps {
		sent, err := w.Send(context.Background(), step, id, "")
		Expect(err).NotTo(HaveOccurred(), "%s %s %s %s", step.Label, step.Method, step.Path, step.Body)
		if sent.ObjectID != "" {
			id = sent.ObjectID
		}
	}
	return id
}

func only(w provider.Reader, t *subject.Type, name string) provider.Object {
	GinkgoHelper()
	found, err := w.FindByName(context.Background(), t, name)
	Expect(err).NotTo(HaveOccurred())
	Expect(found).To(HaveLen(1))
	return found[0]
}

func expectSame(t *subject.Type, got, want provider.Object) {
	GinkgoHelper()
	g, w := parsed(t, got), parsed(t, want)
	Expect(string(subject.NodeText(g.Content))).To(Equal(string(subject.NodeText(w.Content))))
	if t.Assigning != subject.AssignNone {
		Expect(got.AssignmentsRead && want.AssignmentsRead).To(BeTrue())
		Expect(string(subject.NodeText(g.Assignments))).To(Equal(string(subject.NodeText(w.Assignments))))
	}
	Expect(g.Identity).To(Equal(w.Identity))
}

func nameOf(t *subject.Type, o object) string {
	if t.Singleton {
		return t.Label
	}
	return text(o, t.Name)
}

func simObject(o object) graphsim.Object {
	GinkgoHelper()
	data, err := json.Marshal(o)
	Expect(err).NotTo(HaveOccurred())
	var out graphsim.Object
	Expect(json.Unmarshal(data, &out)).To(Succeed())
	return out
}

func tenantWith(dir string, t *subject.Type, o object) graphsim.Tenant {
	GinkgoHelper()
	all := map[string][]graphsim.Object{}
	for collection, objects := range contextObjects() {
		for _, c := range objects {
			all[collection] = append(all[collection], simObject(c))
		}
	}
	if t != nil {
		all[t.Collection] = append(all[t.Collection], simObject(o))
	}
	return graphsim.Tenant{Directory: dir, Objects: all}
}

var _ = Describe("against the simulator", func() {
	var entries []any
	for _, f := range fixtures() {
		entries = append(entries, Entry(string(f.key)+" "+f.name, f))
	}
	DescribeTable("a policy is created, changed and left alone as its recipe says", append([]any{func(f fixture) {
		t := subject.Lookup(f.key)
		sim := simulate(tenantWith(directory, t, f.first), tenantWith(targetDirectory, nil, nil))
		source, there := sim.open(directory), sim.open(targetDirectory)
		from := only(source, t, nameOf(t, f.first))

		steps, err := there.Steps(desired(t, from), nil)
		Expect(err).NotTo(HaveOccurred())
		id := carryOut(there, steps, "")
		if t.Singleton {
			id = singletonID(t)
		}
		made, err := there.Get(context.Background(), t, id)
		Expect(err).NotTo(HaveOccurred())
		expectSame(t, made, from)
		expectSame(t, only(there, t, nameOf(t, f.first)), from)

		changed, _ := clone(f.first).(object)
		changed["id"] = from.ID
		f.second(changed)
		_, err = sim.UpsertObject(directory, t.Collection, simObject(changed))
		Expect(err).NotTo(HaveOccurred())
		from = only(source, t, nameOf(t, f.first))
		steps, err = there.Steps(desired(t, from), &made)
		Expect(err).NotTo(HaveOccurred())
		Expect(steps).NotTo(BeEmpty())
		carryOut(there, steps, id)
		made, err = there.Get(context.Background(), t, id)
		Expect(err).NotTo(HaveOccurred())
		expectSame(t, made, from)

		steps, err = there.Steps(desired(t, from), &made)
		Expect(err).NotTo(HaveOccurred())
		Expect(steps).To(BeEmpty())
	}}, entries...)...)

	It("has a fixture for every type that may be promoted", func() {
		have := map[subject.TypeKey]bool{}
		for _, f := range fixtures() {
			have[f.key] = true
		}
		for _, t := range subject.Types() {
			_, ok := rowOf(t)
			Expect(ok).To(BeTrue(), "wire row of %s", t.Key)
			Expect(have[t.Key]).To(Equal(t.Portable), "fixture of %s", t.Key)
		}
	})

	It("reads every export of the corpus without loss", func() {
		root := filepath.Join("..", "..", "..", "..", "shared", "corpus")
		sets, err := os.ReadDir(root)
		if err != nil {
			Skip("no corpus beside the repository")
		}
		for _, set := range sets {
			if !set.IsDir() || set.Name()[0] == '_' {
				continue
			}
			sim := simulate(graphsim.Tenant{Directory: directory, Folder: filepath.Join(root, set.Name())})
			r := sim.open(directory)
			for _, t := range subject.Types() {
				By(set.Name() + " " + string(t.Key))
				expectAll(r, sim, t)
			}
		}
	})
})

// expectAll reads a type and compares every object with what the simulator holds.
func expectAll(r provider.Reader, sim simulated, t *subject.Type) {
	GinkgoHelper()
	held, err := sim.Objects(directory, t.Collection)
	Expect(err).NotTo(HaveOccurred())
	got, err := listAll(context.Background(), r, t.Key)
	Expect(err).NotTo(HaveOccurred())
	Expect(got.errs).To(BeEmpty())
	Expect(got.objects).To(HaveLen(len(held)))
	read := map[string]provider.Object{}
	for _, o := range got.objects {
		read[o.ID] = o
	}
	for _, h := range held {
		id, _ := h["id"].(string)
		o, ok := read[id]
		Expect(ok).To(BeTrue(), "object %s", id)
		Expect(o.AssignmentsRead).To(BeTrue(), "object %s", id)
		for _, rule := range items(h, "scheduledActionsForRule") {
			delete(rule, odataType) // of a declared type; only some exports name it
		}
		for _, v := range items(content(o), "definitionValues") {
			Expect(child(v, "definition")).NotTo(BeEmpty()) // read with its definition, held without
		}
		if t.Key == "group_policy_configurations" {
			Expect(items(content(o), "definitionValues")).To(HaveLen(len(items(h, "definitionValues"))))
			continue
		}
		want, err := json.Marshal(h)
		Expect(err).NotTo(HaveOccurred())
		expectSame(t, o, provider.Object{ID: id, Raw: want, AssignmentsRead: true})
	}
}
