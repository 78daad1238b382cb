package access

import (
	"fmt"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

// grants is one capability and the roles that grant it; a workspace role that grants
// a tenant capability grants it in every tenant.
type grants struct {
	Capability Capability
	Workspace  []tenancy.WorkspaceRole
	Tenant     []tenancy.TenantRole
}

// rows are the whole table in the order of the documentation.
func (p *policy) rows() []grants {
	rows := make([]grants, 0, len(all))
	for _, c := range all {
		row := grants{Capability: c}
		for _, r := range tenancy.WorkspaceRoles() {
			if p.grants(c, workspaceSubject(r)) {
				row.Workspace = append(row.Workspace, r)
			}
		}
		for _, r := range tenancy.TenantRoles() {
			if p.grants(c, tenantSubject(r)) {
				row.Tenant = append(row.Tenant, r)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// Markdown prints the table as a documentation page.
func Markdown() string {
	p, err := loadPolicy()
	if err != nil {
		panic(err) // the policy is part of the program, and a spec reads it
	}
	var b strings.Builder
	b.WriteString("# Roles and capabilities\n\n## In the workspace\n\n")
	writeHead(&b, "workspace capability", tenancy.WorkspaceRoles())
	rows := p.rows()
	for _, r := range rows {
		if !r.Capability.ofTenant() || r.Capability == CustomerReviewsView {
			writeRow(&b, r.Capability, tenancy.WorkspaceRoles(), r.Workspace)
		}
	}
	b.WriteString("\n## In a tenant, by tenant role\n\n")
	writeHead(&b, "tenant capability", tenancy.TenantRoles())
	for _, r := range rows {
		if r.Capability.ofTenant() && r.Capability != CustomerReviewsView {
			writeRow(&b, r.Capability, tenancy.TenantRoles(), r.Tenant)
		}
	}
	b.WriteString("\nOwners and managers are `manager` in every tenant; support is `reader` in every tenant and sees raw\n" +
		"content and technical detail. Everybody else needs a tenant membership. A customer has only\n" +
		"`customer.reviews.view`, and only for tenants with a membership.\n")
	return b.String()
}

func writeHead[R ~string](b *strings.Builder, title string, roles []R) {
	fmt.Fprintf(b, "| %s |", title)
	for _, r := range roles {
		fmt.Fprintf(b, " %s |", r)
	}
	b.WriteString("\n|" + strings.Repeat("---|", len(roles)+1) + "\n")
}

func writeRow[R ~string](b *strings.Builder, c Capability, roles, granted []R) {
	fmt.Fprintf(b, "| `%s` |", c)
	for _, r := range roles {
		mark := ""
		for _, g := range granted {
			if g == r {
				mark = "●"
			}
		}
		fmt.Fprintf(b, " %s |", mark)
	}
	b.WriteString("\n")
}
