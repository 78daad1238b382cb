package isolation_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/test/contract/surface"
	"github.com/tenantatlas/tenantatlas/test/stack"
)

// whole are bodies with which an operation would do its work on one's own.
func (t *twins) whole(o surface.Operation) object {
	person := object{"email": "new@fjord.example", "role": "readonly"}
	sel := object{"source_tenant_id": t.Source.ID, "target_tenant_id": t.Target.ID}
	return map[string]object{
		"create-my-token": {"name": "n"}, "create-workspace": {"display_name": "n"}, "update-workspace": {"display_name": "n"},
		"add-member": person, "change-member": {"role": "operator"}, "update-tenant": {"display_name": "n"},
		"create-tenant":     {"display_name": "n", "directory_id": "d6f4fa13-84e5-4c31-8d4e-3f805192ae01"},
		"put-connection":    {"client_id": nothing, "write_enabled": false, "credential": object{"kind": "client_secret", "secret": "s"}},
		"add-tenant-member": {"user_id": string(t.Idle.UserID), "role": "reader"}, "put-operational-control": {"paused": true, "reason": "r"},
		"read-my-notifications": {"ids": []any{nothing}}, "start-inventory-sync": {"policy_types": []any{}},
		"preview-comparison": sel, "generate-preflight": sel, "diff-subject": {
			"source_tenant_id": t.Source.ID, "target_tenant_id": t.Target.ID, "subject_key": "configuration_policies:00",
		},
		"start-promotion": {"selection": sel, "preflight_fingerprint": "forged", "confirmation": object{
			"source_tenant_id": t.Source.ID, "target_tenant_id": t.Target.ID, "ready": 1, "excluded": 0,
		}},
	}[o.ID]
}

var _ = Describe("An id of the other workspace", Ordered, ContinueOnFailure, func() {
	var t *twins
	BeforeAll(func() { t = born(stack.Options{}) })

	send := func(o surface.Operation, address string, body any) stack.Answer {
		return t.Owner.With("If-Match", `"1"`).Do(o.Method, address, body)
	}

	It("answers in every place of every path like an id of nobody, and changes nothing", func(ctx SpecContext) {
		before, tried := t.ledger.Take(ctx), 0
		for _, o := range t.doc.Operations {
			var body any
			if b := t.whole(o); b != nil {
				body = b
			}
			for _, names := range subsets(slices.DeleteFunc(o.PathParameters(), func(n string) bool { return !strings.HasSuffix(n, "_id") })) {
				a := send(o, o.At(put(t.own, t.other, names...)), body)
				never := send(o, o.At(put(t.own, t.nowise, names...)), body)
				Expect(a.Status).To(Equal(http.StatusNotFound), "%s with the twin's %v: %s", o, names, a.Raw)
				Expect(bare(a)).To(Equal(bare(never)), "%s with the twin's %v", o, names)
				tried++
			}
		}
		Expect(t.ledger.Take(ctx)).To(Equal(before))
		Expect(tried).To(BeNumerically(">", len(t.doc.Operations)))
		AddReportEntry("ids in paths", tried)
	})

	It("answers in every id of every body like an id of nobody, and changes nothing", func(ctx SpecContext) {
		before, tried := t.ledger.Take(ctx), 0
		twins := map[string]string{
			"source_tenant_id": t.Twin.Source.ID, "target_tenant_id": t.Twin.Target.ID, "user_id": string(t.Twin.Readonly.UserID),
		}
		for _, o := range t.doc.Operations {
			for _, at := range t.idsOf(o) {
				word := at[len(at)-1]
				if twins[word] == "" {
					Expect(word).To(BeElementOf("client_id", "directory_id"), "%s takes ids that this spec does not know", o)
					continue // ids of the provider's, not of the product's
				}
				a := send(o, o.At(t.own), replaced(t.whole(o), at, twins[word]))
				never := send(o, o.At(t.own), replaced(t.whole(o), at, nothing))
				if at[0] != "confirmation" { // what is confirmed is only compared
					Expect(a.Status).To(Equal(http.StatusNotFound), "%s with the twin's %v: %s", o, at, a.Raw)
				}
				Expect(a.Status).To(BeNumerically(">=", 400), "%s: %s", o, a.Raw)
				Expect(bare(a)).To(Equal(bare(never)), "%s with the twin's %v", o, at)
				tried++
			}
		}
		Expect(t.ledger.Take(ctx)).To(Equal(before))
		Expect(tried).To(BeNumerically(">=", 11), "%d", tried)
	})

	It("finds nothing as a filter", func() {
		values := map[string]string{"tenant_id": t.Twin.Target.ID, "actor_id": string(t.Twin.Owner.UserID), "operation_id": t.other["operation_id"]}
		tried := 0
		for _, o := range t.doc.Operations {
			for _, p := range o.Parameters {
				if p.In != "query" || !strings.HasSuffix(p.Name, "_id") {
					continue
				}
				Expect(values).To(HaveKey(p.Name), "%s filters by an id that this spec does not know", o)
				a := t.Owner.Get(o.At(t.own) + "?" + p.Name + "=" + values[p.Name])
				never := t.Owner.Get(o.At(t.own) + "?" + p.Name + "=" + nothing)
				Expect(bare(a)).To(Equal(bare(never)), "%s?%s", o, p.Name)
				Expect(a.Status).To(Equal(never.Status))
				tried++
			}
		}
		Expect(tried).To(BeNumerically(">=", 6))
	})

	It("leads nowhere inside a cursor", func(ctx SpecContext) {
		foreign := only(t.marks(ctx, t.Twin), t.marks(ctx, t.Side))
		tried := 0
		for _, o := range t.doc.Operations {
			if o.Method != http.MethodGet || !slices.ContainsFunc(o.Parameters, func(p surface.Parameter) bool { return p.Name == "cursor" }) {
				continue
			}
			cursor := t.Twin.Owner.Get(o.At(t.other) + "?limit=1").Expect(200).Text("next_cursor")
			if cursor == "" || o.ID == "list-policy-types" { // the same for everybody
				continue
			}
			a := t.Owner.Get(o.At(t.own) + "?limit=1&cursor=" + cursor)
			Expect(a.Status).To(BeElementOf(200, 422), "%s: %s", o, a.Raw)
			expectNone(string(a.Raw), foreign, o.String())
			for i := range cursor { // and none is taken that was touched
				if i%7 == 0 {
					touched := cursor[:i] + string(cursor[i]^1) + cursor[i+1:]
					Expect(t.Twin.Owner.Get(o.At(t.other)+"?limit=1&cursor="+touched).Status).To(BeElementOf(404, 422), "%s cursor %d", o, i)
				}
			}
			tried++
		}
		Expect(tried).To(BeNumerically(">=", 7))
		for _, verb := range []string{"preview", "preflight"} {
			sel := t.Twin.Selection(object{"limit": 1})
			cursor := t.Twin.Owner.Post(t.Twin.Path("cross-tenant-compare", verb), sel).Expect(200).Text("next_cursor")
			a := t.Owner.Post(t.Path("cross-tenant-compare", verb), t.Selection(object{"limit": 1, "cursor": cursor}))
			Expect(a.Status).To(BeElementOf(409, 422), "%s", a.Raw)
		}
	})

	It("stands in no answer to any reading", func(ctx SpecContext) {
		foreign := only(t.marks(ctx, t.Twin), t.marks(ctx, t.Side))
		Expect(len(foreign)).To(BeNumerically(">", 100))
		for _, o := range t.doc.Operations {
			if o.Method != http.MethodGet || o.Stream {
				continue
			}
			for _, who := range []*stack.Client{t.Owner, t.Readonly, t.Support} {
				a := who.Get(o.At(put(t.own, t.own)))
				if a.Status == http.StatusOK {
					expectNone(string(a.Raw), foreign, o.String())
				}
			}
			t.Owner.Get(o.At(t.own)).Expect(200)
		}
		for _, verb := range []string{"preview", "preflight"} {
			a := t.Owner.Post(t.Path("cross-tenant-compare", verb), t.Selection(object{"limit": 10000})).Expect(200)
			expectNone(string(a.Raw), foreign, verb)
		}
	})

	It("marks nobody else's notification as read", func(ctx SpecContext) {
		var id string
		Expect(t.db.QueryRow(ctx, `SELECT id::text FROM notifications WHERE workspace_id = $1 LIMIT 1`, t.Twin.Workspace).Scan(&id)).To(Succeed())
		before := t.ledger.Take(ctx)
		a := t.Owner.Post("/me/notifications/read", object{"ids": []string{id}}).Expect(200)
		Expect(a.JSON).To(HaveKeyWithValue("marked", BeNumerically("==", 0)))
		Expect(t.ledger.Take(ctx)).To(Equal(before))
	})

	It("cannot be made one's own by sending what only answers carry", func(ctx SpecContext) {
		before, tried := t.ledger.Take(ctx), 0
		for _, o := range t.doc.Operations {
			body := t.whole(o)
			if body == nil {
				continue
			}
			for _, property := range t.unasked(o) {
				more := replaced(body, []string{property}, t.other["tenant_id"])
				a := send(o, o.At(t.own), more)
				Expect(a.Status).To(Equal(http.StatusUnprocessableEntity), "%s with %s: %s", o, property, a.Raw)
				Expect(a.Code()).To(Equal("invalid_input"))
				Expect(string(a.Raw)).NotTo(ContainSubstring(t.other["tenant_id"]), "a value is never echoed")
				tried++
			}
		}
		Expect(t.ledger.Take(ctx)).To(Equal(before))
		Expect(tried).To(BeNumerically(">", 150), "%d", tried)
		AddReportEntry("properties", tried)
	})
})

// columns are properties of rows that no answer shows either.
var columns = []string{
	"id", "workspace_id", "tenant_id", "revision", "created_at", "updated_at", "archived_at", "status", "outcome", "lease_epoch",
	"initiator_id", "sealed_credential", "deadline_at", "ID", "Display_Name", "__proto__",
}

// unasked are the properties of the operation's answers and rows that its
// request does not have.
func (t *twins) unasked(o surface.Operation) []string {
	asked := t.doc.Properties(o.Body)
	names := slices.Clone(columns)
	for _, status := range o.Statuses {
		if status[0] == '2' {
			for name := range t.doc.Properties(t.doc.Answer(o, status)) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool { return asked[n] != nil })
}

// idsOf are the places of UUIDs in an operation's body.
func (t *twins) idsOf(o surface.Operation) [][]string {
	var places [][]string
	for name, p := range t.doc.Properties(o.Body) {
		if p["format"] == "uuid" {
			places = append(places, []string{name})
		}
		for inner, q := range t.doc.Properties(p) {
			if q["format"] == "uuid" {
				places = append(places, []string{name, inner})
			}
		}
	}
	return places
}

// replaced is a deep copy of a body with one value replaced or added.
func replaced(body object, at []string, value any) object {
	GinkgoHelper()
	text, err := json.Marshal(body)
	Expect(err).NotTo(HaveOccurred())
	var c object
	Expect(json.Unmarshal(text, &c)).To(Succeed())
	in := c
	for _, name := range at[:len(at)-1] {
		in = in[name].(object)
	}
	in[at[len(at)-1]] = value
	return c
}

// subsets are all selections of the names but the empty one.
func subsets(names []string) [][]string {
	var sets [][]string
	for mask := 1; mask < 1<<len(names); mask++ {
		var set []string
		for i, name := range names {
			if mask&(1<<i) != 0 {
				set = append(set, name)
			}
		}
		sets = append(sets, set)
	}
	return sets
}

func expectNone(text string, marks []string, where string) {
	GinkgoHelper()
	for _, mark := range marks {
		if strings.Contains(text, mark) {
			Fail(where + " shows " + mark + " of the other workspace")
		}
	}
}
