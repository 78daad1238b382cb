package rbac_test

import (
	"slices"

	"github.com/tenantatlas/tenantatlas/test/contract/surface"
)

// The tenants of a cell, by word.
const (
	source, target = "source", "target"
	spare          = "spare" // of the same workspace, with nobody entitled by membership
	foreign        = "foreign"
	random         = "random"
)

// place is what the ids of a request name.
type place struct {
	name      string
	workspace string // own, foreign or random
	tenant    string // one of the tenants
	leaf      string // whose are the ids below: a tenant again
}

// places are the objects that everybody asks about.
var places = []place{
	{"what is shared", "own", target, target},
	{"an unentitled tenant", "own", spare, spare},
	{"the other workspace", foreign, foreign, foreign},
	{"the other workspace's things in one's own", "own", foreign, foreign},
	{"the other workspace's things in a tenant of one's own", "own", target, foreign},
	{"an unentitled tenant's things in another tenant", "own", target, spare},
	{"nothing", random, random, random},
	{"nothing in one's own workspace", "own", random, random},
	{"nothing in a tenant of one's own", "own", target, random},
}

// different reports whether an operation can tell the place from "what is
// shared" and from the places before it.
func (at place) different(o surface.Operation) bool {
	names := append(o.PathParameters(), bodyTenants[o.ID]...)
	leaf := slices.ContainsFunc(names, func(n string) bool { return leaves[n] })
	switch {
	case at.name == places[0].name:
		return true
	case at.workspace != "own":
		return len(names) > 0
	case at.tenant != target:
		return slices.Contains(names, "tenant_id") || leaf
	}
	return leaf && slices.Contains(names, "tenant_id")
}

// leaves are the ids that name something inside a workspace or a tenant, or of
// a person.
var leaves = map[string]bool{
	"subject_id": true, "version_id": true, "operation_id": true, "user_id": true, "token_id": true,
	"source_tenant_id": true, "target_tenant_id": true,
}

// bodyTenants are the operations that name tenants in their body.
var bodyTenants = map[string][]string{
	"preview-comparison": {"source_tenant_id", "target_tenant_id"},
	"diff-subject":       {"source_tenant_id", "target_tenant_id"},
	"generate-preflight": {"source_tenant_id", "target_tenant_id"},
	"start-promotion":    {"source_tenant_id", "target_tenant_id"},
}

// The answers of the matrix beside plain statuses.
const (
	admitted = 0  // anything but 401, 403 and 404
	hidden   = -1 // 403 or 404: without the capability nobody learns whether it exists
)

// expect is the status that the contract wants: 401, then 404 for what the
// caller may not know of, then 403 for the capability, then what the request
// itself deserves.
func expect(o surface.Operation, p person, at place) int {
	switch o.Scope {
	case "public":
		return admitted
	case "self":
		return expectSelf(o, p, at)
	}
	switch {
	case !p.known:
		return 401
	case at.workspace != "own" || !p.inside():
		return 404
	case o.Scope == "tenant":
		return expectTenant(o, p, at)
	}
	return expectWorkspace(o, p, at)
}

func expectSelf(o surface.Operation, p person, at place) int {
	switch {
	case !p.known:
		return 401
	case p.role == "customer":
		return 404
	case at.leaf != target && slices.Contains(o.PathParameters(), "token_id"):
		return 404
	}
	return admitted
}

func expectTenant(o surface.Operation, p person, at place) int {
	if !p.sees(at.tenant) {
		return 404
	}
	permitted := all(o.Capabilities, func(c string) bool { return p.can(c, at.tenant) })
	strange := at.leaf != at.tenant && slices.ContainsFunc(o.PathParameters(), func(n string) bool { return leaves[n] })
	switch {
	case strange && permitted:
		return 404
	case strange:
		return hidden
	case permitted:
		return admitted
	}
	return 403
}

func expectWorkspace(o surface.Operation, p person, at place) int {
	for _, c := range o.Capabilities {
		if workspaceRoles[c] != nil && !p.can(c, "") {
			if at.leaf != target {
				return hidden
			}
			return 403
		}
	}
	names := o.PathParameters()
	switch {
	case bodyTenants[o.ID] != nil:
		return expectPair(o, p, at)
	case slices.Contains(names, "operation_id"):
		return expectRun(o, p, at)
	case slices.Contains(names, "user_id") && at.leaf != target && at.leaf != spare:
		return 404
	}
	return admitted
}

// expectPair is for operations on a source and a target that the body names:
// the source is always the shared one.
func expectPair(o surface.Operation, p person, at place) int {
	if !p.sees(source) || !p.sees(at.leaf) {
		return 404
	}
	if slices.Contains(o.Capabilities, "tenant.manage") && !p.can("tenant.manage", at.leaf) {
		return 403
	}
	return admitted
}

// expectRun is for operations on a run: it is seen with tenant.view on its
// tenant, and ended by who may start it. The runs of the matrix are syncs.
func expectRun(o surface.Operation, p person, at place) int {
	if !p.can("tenant.view", at.leaf) {
		return 404
	}
	if o.ID == "cancel-operation" && !p.can("tenant.sync", at.leaf) {
		return 403
	}
	return admitted
}

func all(list []string, ok func(string) bool) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return !ok(s) })
}
