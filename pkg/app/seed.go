package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/app/demo"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/identity"
	"github.com/tenantatlas/tenantatlas/pkg/registry"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// Logins are the demo's accounts; one password opens them all.
type Logins struct {
	Workspace string  `json:"workspace"`
	Password  string  `json:"password"`
	People    []Login `json:"people"`
}

// Login is one demo account, one per role.
type Login struct {
	Role  string `json:"role"`
	Email string `json:"email"`
	Name  string `json:"name"`
}

// people are the demo's accounts with their place in every tenant ("" for none).
var people = []struct {
	login  Login
	tenant tenancy.TenantRole
}{
	{Login{"owner", "olivia.owner@nordwind.example", "Olivia Brandt"}, ""},
	{Login{"manager", "marek.manager@nordwind.example", "Marek Nowak"}, ""},
	{Login{"operator", "oskar.operator@nordwind.example", "Oskar Lindgren"}, tenancy.TenantManager},
	{Login{"readonly", "rosa.readonly@nordwind.example", "Rosa Castellano"}, tenancy.TenantReader},
	{Login{"support", "sami.support@nordwind.example", "Sami Haddad"}, ""},
	{Login{"customer", "carla.customer@nordwind.example", "Carla Brückner"}, tenancy.TenantReader},
}

// Seed sets up the demo workspace through the rooms' own verbs and starts a
// first sync of its tenants. It does so once: a file in the data directory says
// that it was finished and holds the logins. What was begun and not finished is
// completed at the next call.
func Seed(ctx context.Context, r *Rooms, dataDir string) (*Logins, error) {
	file := filepath.Join(dataDir, "demo-logins.json")
	logins, err := readLogins(file)
	if err != nil || logins != nil {
		return logins, err
	}
	logins = &Logins{Workspace: demo.Workspace, Password: strings.ToLower(rand.Text()[:14])}
	s := &seeder{Rooms: r, logins: logins}
	if err := s.people(ctx); err != nil {
		return nil, fmt.Errorf("set up the demo's people: %w", err)
	}
	for _, t := range demo.Tenants() {
		if err := s.tenant(ctx, t); err != nil {
			return nil, fmt.Errorf("set up the demo tenant %s: %w", t.Name, err)
		}
	}
	text, err := json.MarshalIndent(logins, "", "  ") //nolint:gosec // the demo's own password, kept with mode 0600 to be shown again
	if err != nil {
		return nil, fmt.Errorf("write the demo's logins: %w", err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		return nil, fmt.Errorf("keep the demo's logins: %w", err)
	}
	return logins, nil
}

func readLogins(file string) (*Logins, error) {
	text, err := os.ReadFile(file) //nolint:gosec // in the data directory
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // not set up yet
	}
	if err != nil {
		return nil, fmt.Errorf("read the demo's logins: %w", err)
	}
	logins := &Logins{}
	if err := json.Unmarshal(text, logins); err != nil {
		return nil, fmt.Errorf("read the demo's logins: %w", err)
	}
	return logins, nil
}

// seeder sets up one demo workspace.
type seeder struct {
	*Rooms
	logins *Logins
	owner  access.Actor
	ws     tenancy.WorkspaceID
	users  []tenancy.UserID // as people
}

func (s *seeder) people(ctx context.Context) error {
	for _, p := range people {
		user, err := s.Identity.CreateUser(ctx, identity.NewUser{
			Email: p.login.Email, DisplayName: p.login.Name, Password: tenancy.NewSecret(s.logins.Password),
		})
		if err != nil {
			return err
		}
		w, err := s.Registry.Admit(ctx, demo.Workspace, user.ID, tenancy.WorkspaceRole(p.login.Role))
		if err != nil {
			return err
		}
		s.users, s.ws = append(s.users, user.ID), w.ID
		if s.owner.UserID == "" {
			s.owner = access.Actor{UserID: user.ID, DisplayName: user.DisplayName, Via: access.ViaSession}
		}
		s.logins.People = append(s.logins.People, p.login)
	}
	return nil
}

// scope is the owner's, minted anew because every tenant widens it.
func (s *seeder) scope(ctx context.Context) (access.Scope, error) {
	return s.Gate.Workspace(ctx, s.owner, s.ws)
}

func (s *seeder) tenant(ctx context.Context, t demo.Tenant) error {
	id, err := s.register(ctx, t)
	if err != nil {
		return err
	}
	scope, err := s.scope(ctx)
	if err != nil {
		return err
	}
	if err := s.connect(ctx, scope, id, t); err != nil {
		return err
	}
	for i, p := range people {
		if p.tenant == "" {
			continue
		}
		if _, err := s.Registry.PutTenantMember(ctx, scope, id, s.users[i], p.tenant); err != nil {
			return fmt.Errorf("entitle %s: %w", p.login.Role, err)
		}
	}
	if !t.Sync {
		return nil
	}
	if _, err := s.Inventory.StartSync(ctx, scope, id, nil); err != nil {
		return fmt.Errorf("start the first sync: %w", err)
	}
	return nil
}

// register finds or makes the tenant.
func (s *seeder) register(ctx context.Context, t demo.Tenant) (tenancy.TenantID, error) {
	scope, err := s.scope(ctx)
	if err != nil {
		return "", err
	}
	made, err := s.Registry.CreateTenant(ctx, scope, registry.NewTenant{
		DisplayName: t.Name, DirectoryID: t.Directory, Cloud: tenancy.CloudGlobal,
	})
	if err == nil || !fault.HasCode(err, registry.CodeDirectoryRegistered) {
		return made.ID, err
	}
	have, _, err := s.Registry.Tenants(ctx, scope, 0, "")
	if err != nil {
		return "", fmt.Errorf("find the tenant: %w", err)
	}
	for _, h := range have {
		if string(h.DirectoryID) == t.Directory {
			return h.ID, nil
		}
	}
	return "", fmt.Errorf("the directory is registered and not found")
}

// connect stores the connection unless there is one.
func (s *seeder) connect(ctx context.Context, scope access.Scope, id tenancy.TenantID, t demo.Tenant) error {
	have, err := s.Registry.Connection(ctx, scope, id)
	if err != nil || have.Status != tenancy.ConnectionNone {
		return err
	}
	_, err = s.Registry.PutConnection(ctx, scope, id, nil, registry.NewConnection{
		ClientID: demo.ClientID, Kind: tenancy.ClientSecret, Secret: tenancy.NewSecret(t.Secret), WriteEnabled: true,
	})
	if err != nil {
		return fmt.Errorf("store the connection: %w", err)
	}
	return nil
}
