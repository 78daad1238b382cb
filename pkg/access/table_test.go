package access_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// The contract's tables, copied by hand: o owner, m manager, p operator,
// r readonly, s support; for tenants m manager, p operator, r reader.
const (
	workspaceTable = `
workspace.view              o m p r s
workspace.operations.view   o m p r s
workspace.baselines.view    o m p r s
workspace.baselines.manage  o m p . .
workspace.members.manage    o m . . .
workspace.controls.manage   o m . . .
workspace.tenants.create    o m . . .
workspace.audit.view        o m . . s
workspace.manage            o . . . .`

	tenantTable = `
tenant.view             m p r
tenant.reports.view     m p r
tenant.evidence.view    m p r
tenant.findings.view    m p r
tenant.reviews.view     m p r
tenant.packs.view       m p r
tenant.sync             m p .
tenant.reports.generate m p .
tenant.evidence.collect m p .
tenant.findings.manage  m p .
tenant.baseline.manage  m p .
tenant.reviews.manage   m p .
tenant.packs.generate   m p .
tenant.manage           m . .
tenant.members.manage   m . .
tenant.reviews.publish  m . .
tenant.raw.view         m . .
tenant.technical.view   m . .`
)

type table map[access.Capability][]string

func parse(text string) table {
	t := table{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		cells := strings.Fields(line)
		t[access.Capability(cells[0])] = cells[1:]
	}
	return t
}

func (t table) grants(c access.Capability, letter string) bool { return slices.Contains(t[c], letter) }

var workspaceLetter = map[tenancy.WorkspaceRole]string{
	tenancy.Owner: "o", tenancy.Manager: "m", tenancy.Operator: "p", tenancy.Readonly: "r", tenancy.Support: "s", tenancy.Customer: "-",
}

var tenantLetter = map[tenancy.TenantRole]string{tenancy.TenantManager: "m", tenancy.TenantOperator: "p", tenancy.TenantReader: "r", "": "-"}

// expected says what the contract grants to a workspace role that also holds a
// tenant role ("" for none) in the tenant.
func expected(c access.Capability, ws tenancy.WorkspaceRole, held tenancy.TenantRole) bool {
	if ws == tenancy.Customer {
		return c == access.CustomerReviewsView && held != ""
	}
	if strings.HasPrefix(string(c), "workspace.") {
		return parse(workspaceTable).grants(c, workspaceLetter[ws])
	}
	tenants := parse(tenantTable)
	switch ws {
	case tenancy.Owner, tenancy.Manager:
		return tenants.grants(c, "m")
	case tenancy.Support:
		return tenants.grants(c, "r") || c == access.TenantRawView || c == access.TenantTechnicalView || tenants.grants(c, tenantLetter[held])
	default:
		return tenants.grants(c, tenantLetter[held])
	}
}

var _ = Describe("The capability table", func() {
	const (
		ws     = tenancy.WorkspaceID("ws")
		tenant = tenancy.TenantID("t1")
		user   = tenancy.UserID("u")
	)
	ctx := context.Background()

	for _, role := range tenancy.WorkspaceRoles() {
		for _, held := range append(tenancy.TenantRoles(), "") {
			It(fmt.Sprintf("is the contract's, cell by cell, for %s with tenant role %q", role, held), func() {
				m := fake{role: role, all: []tenancy.TenantID{tenant}, held: map[tenancy.TenantID]tenancy.TenantRole{}}
				if held != "" {
					m.held[tenant] = held
				}
				gate, err := access.NewGate(m)
				Expect(err).NotTo(HaveOccurred())
				scope, err := gate.Customer(ctx, access.Actor{UserID: user, Via: access.ViaSession}, ws)
				Expect(err).NotTo(HaveOccurred())
				for _, c := range access.All() {
					Expect(scope.Can(c, tenant)).To(Equal(expected(c, role, held)), string(c))
				}
				Expect(scope.Can("tenant.delete.everything", tenant)).To(BeFalse())
			})
		}
	}

	It("names every capability of the contract and no other", func() {
		want := []string{string(access.CustomerReviewsView)}
		for _, t := range []table{parse(workspaceTable), parse(tenantTable)} {
			for c := range t {
				want = append(want, string(c))
			}
		}
		have := []string{}
		for _, c := range access.All() {
			have = append(have, string(c))
		}
		Expect(have).To(ConsistOf(want))
	})

	It("is what the documentation prints", func() {
		page := access.Markdown()
		for _, c := range access.All() {
			Expect(page).To(ContainSubstring("`" + string(c) + "`"))
		}
		Expect(page).To(ContainSubstring("| `workspace.baselines.manage` | ● | ● | ● |  |  |  |"))
		Expect(page).To(ContainSubstring("| `tenant.sync` | ● | ● |  |"))
	})
})

// fake answers for one workspace named "ws" and one user named "u".
type fake struct {
	role tenancy.WorkspaceRole
	all  []tenancy.TenantID
	held map[tenancy.TenantID]tenancy.TenantRole
	err  error
}

func (f fake) Membership(_ context.Context, u tenancy.UserID, ws tenancy.WorkspaceID) (*access.Membership, error) {
	if f.err != nil {
		return nil, f.err
	}
	if u != "u" || ws != "ws" || f.role == "" {
		return nil, nil
	}
	return &access.Membership{Role: f.role, Tenants: f.held}, nil
}

func (f fake) TenantIDs(context.Context, tenancy.WorkspaceID) ([]tenancy.TenantID, error) {
	return f.all, f.err
}
