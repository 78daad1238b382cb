package rbac_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
)

// golden is one sentence of the contract: who asks, for what, and the status.
// Nothing here is computed, so that a wrong declaration has no place to hide.
type golden struct {
	who    string
	verb   string
	at     func(c *cast) string
	body   func(c *cast) any
	status int
}

var _ = Describe("The contract, sentence by sentence", Ordered, ContinueOnFailure, func() {
	var c *cast
	BeforeAll(func() { c = assemble() })

	here := func(parts ...string) func(*cast) string {
		return func(c *cast) string { return strings.TrimSuffix(c.Path(parts...), "/") }
	}
	onTarget := func(parts ...string) func(*cast) string {
		return func(c *cast) string { return c.Path(append([]string{"tenants", c.Target.ID}, parts...)...) }
	}
	json := func(body object) func(*cast) any { return func(*cast) any { return body } }
	selection := func(c *cast) any { return c.Selection() }
	ask := func(verb string) func(who string, at func(*cast) string, status int) golden {
		return func(who string, at func(*cast) string, status int) golden { return golden{who, verb, at, nil, status} }
	}
	get, post := ask(http.MethodGet), ask(http.MethodPost)
	with := func(g golden, body func(*cast) any) golden { g.body = body; return g }

	DescribeTable("is kept to the letter", func(g golden) {
		var body any
		if g.body != nil {
			body = g.body(c)
		}
		c.clients[g.who].Do(g.verb, g.at(c), body).Expect(g.status)
	},
		Entry("nobody reads themselves", get("anonymous", fixedAt("/me"), 401)),
		Entry("a session that ended is nobody's", get("expired session", fixedAt("/me"), 401)),
		Entry("who belongs nowhere still reads themselves", get("member of nothing", fixedAt("/me"), 200)),
		Entry("who belongs nowhere may found a workspace", with(post("member of nothing", fixedAt("/workspaces"), 201), json(object{"display_name": "Own"}))),
		Entry("a customer sees no internal route, not even themselves", get("customer", fixedAt("/me"), 404)),
		Entry("a customer cannot found a workspace", with(post("customer", fixedAt("/workspaces"), 404), json(object{"display_name": "Own"}))),
		Entry("a customer does not see the workspace they are in", get("customer", here(), 404)),
		Entry("a customer does not see the tenant they are entitled to", get("customer", onTarget(), 404)),
		Entry("a customer sees no policy types", get("customer", fixedAt("/policy-types"), 404)),
		Entry("readonly sees the members", get("readonly reading tenants", here("members"), 200)),
		Entry("readonly adds none", with(post("readonly reading tenants", here("members"), 403), json(object{"email": "a@b.example", "role": "readonly"}))),
		Entry("an operator adds none", with(post("operator managing tenants", here("members"), 403), json(object{"email": "a@b.example", "role": "readonly"}))),
		Entry("a manager adds one", with(post("manager", here("members"), 201), json(object{"email": "a@b.example", "role": "readonly"}))),
		Entry("a manager does not make an owner", with(post("manager", here("members"), 403), json(object{"email": "c@d.example", "role": "owner"}))),
		Entry("an owner does", with(post("owner", here("members"), 201), json(object{"email": "c@d.example", "role": "owner"}))),
		Entry("support adds none", with(post("support", here("members"), 403), json(object{"email": "e@f.example", "role": "readonly"}))),
		Entry("readonly reads no audit", get("readonly reading tenants", here("audit-events"), 403)),
		Entry("an operator reads no audit", get("operator managing tenants", here("audit-events"), 403)),
		Entry("support reads the audit", get("support", here("audit-events"), 200)),
		Entry("a manager exports it", get("manager", here("audit-events", "export"), 200)),
		Entry("an operator registers no tenant", with(post("operator managing tenants", here("tenants"), 403), json(object{"display_name": "N", "directory_id": newDirectory}))),
		Entry("a manager does not rename the workspace", golden{"manager", "PATCH", here(), json(object{"display_name": "N"}), 403}),
		Entry("support sees every tenant", get("support", onTarget(), 200)),
		Entry("support sees the unentitled tenant", get("support", func(c *cast) string { return c.Path("tenants", c.spare.ID) }, 200)),
		Entry("an operator without membership does not", get("operator managing tenants", func(c *cast) string { return c.Path("tenants", c.spare.ID) }, 404)),
		Entry("support reads raw content", get("support", version, 200)),
		Entry("a tenant's manager reads raw content, though readonly in the workspace", get("readonly managing tenants", version, 200)),
		Entry("a tenant's operator does not", get("operator operating tenants", version, 403)),
		Entry("a tenant's reader does not", get("readonly reading tenants", version, 403)),
		Entry("support starts no sync", post("support", onTarget("inventory-syncs"), 403)),
		Entry("a tenant's reader starts no sync", post("operator reading tenants", onTarget("inventory-syncs"), 403)),
		Entry("a tenant's reader verifies no connection", post("readonly reading tenants", onTarget("connection", "verify"), 403)),
		Entry("a tenant's operator archives nothing", post("operator operating tenants", onTarget("archive"), 403)),
		Entry("support archives nothing", post("support", onTarget("archive"), 403)),
		Entry("a tenant's operator stores no connection", golden{"operator operating tenants", "PUT", onTarget("connection"), json(object{
			"client_id": nothingID, "credential": object{"kind": "client_secret", "secret": "s"}, "write_enabled": true,
		}), 403}),
		Entry("a tenant's operator adds no member to it", with(post("operator operating tenants", onTarget("members"), 403), json(object{"user_id": nothingID, "role": "reader"}))),
		Entry("readonly compares", with(post("readonly reading tenants", here("cross-tenant-compare", "preview"), 200), selection)),
		Entry("support compares", with(post("support", here("cross-tenant-compare", "preview"), 200), selection)),
		Entry("readonly generates a preflight", with(post("readonly reading tenants", here("cross-tenant-compare", "preflight"), 200), selection)),
		Entry("the other workspace's owner does not", with(post(otherOwner, here("cross-tenant-compare", "preflight"), 404), selection)),
		Entry("readonly who manages the tenants executes nothing", with(post("readonly managing tenants", here("cross-tenant-compare", "promotions"), 403), forged)),
		Entry("an operator who operates the target executes nothing", with(post("operator operating tenants", here("cross-tenant-compare", "promotions"), 403), forged)),
		Entry("an operator who manages it may, once there is something to confirm", with(post("operator managing tenants", here("cross-tenant-compare", "promotions"), 409), forged)),
		Entry("a manager needs no membership of the tenant for it", with(post("manager", here("cross-tenant-compare", "promotions"), 409), forged)),
		Entry("an operator pauses nothing", golden{"operator managing tenants", "PUT", here("operational-controls", "promotion.execute"), json(object{"paused": true, "reason": "r"}), 403}),
		Entry("readonly sees what is paused", get("readonly reading tenants", here("operational-controls"), 200)),
		Entry("a manager pauses", golden{"manager", "PUT", here("operational-controls", "connection.verify"), json(object{"paused": true, "reason": "r"}), 200}),
	)

	It("does not let a manager take an owner's role, nor the last owner go", func() {
		_, owner := c.member(string(c.Owner.UserID))
		at := c.Path("members", string(c.Owner.UserID))
		c.Manager.With("If-Match", owner).Patch(at, object{"role": "readonly"}).Expect(403)
		c.Manager.With("If-Match", owner).Delete(at).Expect(403)

		twin := c.Twin.Path("members", string(c.Twin.Owner.UserID))
		c.Twin.Owner.With("If-Match", `"1"`).Patch(twin, object{"role": "readonly"}).Expect(409)
		c.Twin.Owner.With("If-Match", `"1"`).Delete(twin).Expect(409)
		c.Twin.Owner.Get("/workspaces/" + c.Twin.Workspace).Expect(200)
	})

	It("takes a right away at once, from a token that was made before", func() {
		at := c.Path("tenants", c.Target.ID)
		who := c.clients["operator operating tenants"]
		who.Get(at).Expect(200)
		c.Owner.With("If-Match", `"1"`).Delete(at + "/members/" + string(who.UserID)).Expect(204)
		who.Get(at).Expect(404)
		_, revision := c.member(string(who.UserID))
		c.Owner.With("If-Match", revision).Delete(c.Path("members", string(who.UserID))).Expect(204)
		who.Get("/workspaces/" + c.Workspace).Expect(404)
		who.Get("/me").Expect(200)
	})
})

func fixedAt(address string) func(*cast) string { return func(*cast) string { return address } }

func version(c *cast) string {
	return c.Path("tenants", c.Target.ID, "versions", c.things[target]["version_id"])
}

func forged(c *cast) any {
	return object{"selection": c.Selection(), "preflight_fingerprint": "forged", "confirmation": object{
		"source_tenant_id": c.Source.ID, "target_tenant_id": c.Target.ID, "ready": 1, "excluded": 0,
	}}
}

// member is somebody's role and revision in the workspace.
func (c *cast) member(user string) (role, etag string) {
	GinkgoHelper()
	var page struct {
		Items []struct {
			Role     string
			ID       string `json:"user_id"`
			Revision int
		}
	}
	c.Owner.Get(c.Path("members") + "?limit=200").Expect(200).Into(&page)
	for _, m := range page.Items {
		if m.ID == user {
			return m.Role, fmt.Sprintf("%q", strconv.Itoa(m.Revision))
		}
	}
	Fail("no member " + user)
	return "", ""
}
