package world

import (
	"context"
	"embed"
	"io/fs"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/app/demo"
	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
	"github.com/tenantatlas/tenantatlas/test/stack"
)

//go:embed tenants
var files embed.FS

// The names of the two workspaces, and the application of every connection.
const (
	Name     = "Fjord Services"
	TwinName = "Fjord Services 2"
	ClientID = "7a1f0c52-7f0e-4c7e-8f0b-6a7d1a0b5c11"
)

// Tenant is a registered tenant of a workspace.
type Tenant struct {
	ID, Name, Directory string
}

// Side is one workspace with its two tenants and its people.
type Side struct {
	Workspace      string // id
	Source, Target Tenant
	Owner          *stack.Client
	Manager        *stack.Client
	Operator       *stack.Client // manager of both tenants
	Readonly       *stack.Client // reader of both tenants
	Support        *stack.Client
	Customer       *stack.Client // reader of the target
	Idle           *stack.Client // an operator without any tenant
}

// World is a running product with the cast on it. The embedded Side is the
// workspace that specs work in.
type World struct {
	*stack.Stack
	Side
	Twin    Side
	Nobody  *stack.Client // has an account and belongs nowhere
	Outside *stack.Client // carries no credential
}

// directories are the Entra tenants: source, target, twin's source and target.
var directories = []string{
	"a3c1d7e0-51b2-4f0e-9a1b-0c5d2e6f7a01", "a3c1d7e0-51b2-4f0e-9a1b-0c5d2e6f7a02",
	"a3c1d7e0-51b2-4f0e-9a1b-0c5d2e6f7b01", "a3c1d7e0-51b2-4f0e-9a1b-0c5d2e6f7b02",
}

// Start boots a product with the cast on it. Tenants of o are simulated as well.
func Start(ctx context.Context, o stack.Options) *World {
	GinkgoHelper()
	o.Graph.FreshIDs = true
	for i, d := range directories {
		o.Graph.Tenants = append(o.Graph.Tenants, simulated(d, []string{"source", "target"}[i%2]))
	}
	w := &World{Stack: stack.Start(ctx, o)}
	w.Side = w.side(ctx, Name, "fjord.example", directories[:2])
	w.Twin = w.side(ctx, TwinName, "fjord2.example", directories[2:])
	w.Nobody, w.Outside = w.nobody(ctx), w.Anonymous()
	return w
}

func simulated(directory, layer string) graphsim.Tenant {
	GinkgoHelper()
	tenants, err := fs.Sub(files, "tenants")
	Expect(err).NotTo(HaveOccurred())
	objects, err := demo.Layers(tenants, layer)
	Expect(err).NotTo(HaveOccurred())
	return graphsim.Tenant{Directory: directory, Objects: objects}
}

// nobody is a person who was removed from the only workspace they were in.
func (w *World) nobody(ctx context.Context) *stack.Client {
	GinkgoHelper()
	c := w.Join(ctx, Name, "nobody@fjord.example", tenancy.Readonly)
	a := w.Owner.Get("/workspaces/" + w.Workspace + "/members?limit=200").Expect(200)
	var page struct {
		Items []struct {
			UserID   string `json:"user_id"`
			Revision int64
		}
	}
	a.Into(&page)
	for _, m := range page.Items {
		if m.UserID == string(c.UserID) {
			w.Owner.With("If-Match", etag(m.Revision)).Delete("/workspaces/" + w.Workspace + "/members/" + m.UserID).Expect(204)
		}
	}
	return c
}

func (w *World) side(ctx context.Context, name, domain string, dirs []string) Side {
	GinkgoHelper()
	join := func(who string, role tenancy.WorkspaceRole) *stack.Client {
		return w.Join(ctx, name, who+"@"+domain, role)
	}
	s := Side{
		Owner: join("owner", tenancy.Owner), Manager: join("manager", tenancy.Manager), Operator: join("operator", tenancy.Operator),
		Readonly: join("readonly", tenancy.Readonly), Support: join("support", tenancy.Support), Customer: join("customer", tenancy.Customer),
		Idle: join("idle", tenancy.Operator),
	}
	var mine struct{ Items []struct{ ID string } }
	s.Owner.Get("/workspaces").Expect(200).Into(&mine)
	Expect(mine.Items).To(HaveLen(1))
	s.Workspace = mine.Items[0].ID
	s.Source = s.Register("Harbour (source)", dirs[0])
	s.Target = s.Register("Island (target)", dirs[1])
	for _, t := range []Tenant{s.Source, s.Target} {
		s.entitle(s.Operator, t, tenancy.TenantManager)
		s.entitle(s.Readonly, t, tenancy.TenantReader)
	}
	s.entitle(s.Customer, s.Target, tenancy.TenantReader)
	return s
}

// Register makes a tenant with a connection that may write.
func (s Side) Register(name, directory string) Tenant {
	GinkgoHelper()
	a := s.Owner.Post(s.Path("tenants"), map[string]any{"display_name": name, "directory_id": directory, "cloud": "global"}).Expect(201)
	t := Tenant{ID: a.Text("id"), Name: name, Directory: directory}
	s.Connect(t, graphsim.Secret, true)
	return t
}

// Connect stores the tenant's connection, in place of the one there may be.
func (s Side) Connect(t Tenant, secret string, writable bool) {
	GinkgoHelper()
	have := s.Owner.Get(s.Path("tenants", t.ID, "connection")).Expect(200)
	c := s.Owner
	if have.Header.Get("ETag") != "" {
		c = c.IfMatch(have)
	}
	c.Put(s.Path("tenants", t.ID, "connection"), map[string]any{
		"client_id": ClientID, "credential": map[string]any{"kind": "client_secret", "secret": secret}, "write_enabled": writable,
	}).Expect(200)
}

func (s Side) entitle(c *stack.Client, t Tenant, role tenancy.TenantRole) {
	GinkgoHelper()
	a := s.Owner.Post(s.Path("tenants", t.ID, "members"), map[string]any{"user_id": string(c.UserID), "role": string(role)})
	Expect(a.Status).To(BeNumerically("<", 300), "%s", a.Raw)
}
