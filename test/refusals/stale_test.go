package refusals_test

import (
	"context"
	"fmt"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
	"github.com/tenantatlas/tenantatlas/test/stack"
	"github.com/tenantatlas/tenantatlas/test/world"
)

const catalog, scripts = "configurationPolicies", "deviceManagementScripts"

// moved is one way in which the truth moves between preflight and execution.
type moved struct {
	move           func(ctx context.Context, d *desk)
	source, target int      // subjects said to have moved
	inSource       []string // names among them
	inTarget       []string
	ready, blocked int // how the counts move
	manual         int
	aligned        int
}

var _ = Describe("A preflight that has grown old", Ordered, func() {
	var d *desk
	BeforeAll(func() { d = open(stack.Options{}) })

	DescribeTable("is refused and says what moved", func(ctx SpecContext, m moved) {
		before := d.Preflight(d.Operator, d.Selection())
		m.move(ctx, d)
		body := d.Confirmed(d.Selection(), before)
		told := changesOf(d.refuse(ctx, d.Operator, body, http.StatusConflict, "preflight_stale"))
		now := d.Preflight(d.Operator, d.Selection())

		Expect(now.Fingerprint).NotTo(Equal(before.Fingerprint))
		Expect(told.Unknown).To(BeFalse())
		Expect(told.Rule).To(BeFalse())
		Expect(told.Selection).To(BeFalse())
		Expect(told.Then).To(HaveValue(Equal(countsOf(before))))
		Expect(told.Now).To(Equal(countsOf(now)))
		Expect(counts{
			Ready: told.Now.Ready - told.Then.Ready, Blocked: told.Now.Blocked - told.Then.Blocked,
			Manual: told.Now.Manual - told.Then.Manual, Aligned: told.Now.Aligned - told.Then.Aligned,
		}).To(Equal(counts{Ready: m.ready, Blocked: m.blocked, Manual: m.manual, Aligned: m.aligned}))
		Expect([]int{told.Source, told.Target}).To(Equal([]int{m.source, m.target}))
		Expect(told.Subjects).To(HaveLen(min(10, m.source+m.target)))
		if m.source+m.target <= 10 {
			Expect(told.names("source")).To(Equal(m.inSource))
			Expect(told.names("target")).To(Equal(m.inTarget))
		}
	},
		Entry("by a new version in the source", moved{source: 1, inSource: []string{"Catalog nested"}, move: func(ctx context.Context, d *desk) {
			d.edit(d.Source, catalog, "Catalog nested", func(o graphsim.Object) { o["description"] = "edited" })
			d.sync(ctx, d.Source, "configuration_policies")
		}}),
		Entry("by a new version in the target", moved{target: 1, inTarget: []string{"Catalog different"}, move: func(ctx context.Context, d *desk) {
			d.edit(d.Target, catalog, "Catalog different", func(o graphsim.Object) { o["description"] = "edited" })
			d.sync(ctx, d.Target, "configuration_policies")
		}}),
		Entry("by an aligned subject that was changed in the target", moved{target: 1, ready: 1, aligned: -1, inTarget: []string{"Catalog aligned"}, move: func(ctx context.Context, d *desk) {
			d.edit(d.Target, catalog, "Catalog aligned", func(o graphsim.Object) { o["description"] = "edited" })
			d.sync(ctx, d.Target, "configuration_policies")
		}}),
		Entry("by a deletion in the source", moved{source: 1, ready: -1, inSource: []string{"Tidy up"}, move: func(ctx context.Context, d *desk) {
			d.remove(d.Source, scripts, "Tidy up")
			d.sync(ctx, d.Source, "device_management_scripts")
		}}),
		Entry("by a deletion in the target", moved{target: 1, inTarget: []string{"Catalog different"}, move: func(ctx context.Context, d *desk) {
			d.remove(d.Target, catalog, "Catalog different")
			d.sync(ctx, d.Target, "configuration_policies")
		}}),
		Entry("by a new subject that is blocked", moved{source: 1, blocked: 1, inSource: []string{"Another secret"}, move: func(ctx context.Context, d *desk) {
			d.copyOf(d.Source, catalog, "Catalog with secret", "Another secret")
			d.sync(ctx, d.Source, "configuration_policies")
		}}),
		Entry("by a group that came under the missing name, though no subject has a new version", moved{ready: 1, manual: -1, move: func(ctx context.Context, d *desk) {
			d.copyOf(d.Target, "groups", "Laptops", "Trial circle")
			d.sync(ctx, d.Target, "configuration_policies")
		}}),
		Entry("by a group that got another name, though no subject has a new version", moved{ready: -1, manual: 1, move: func(ctx context.Context, d *desk) {
			d.edit(d.Target, "groups", "Trial circle", func(o graphsim.Object) { o["displayName"] = "Trial ring" })
			d.sync(ctx, d.Target, "configuration_policies")
		}}),
		Entry("by more than it can name", moved{source: 12, ready: 12, move: func(ctx context.Context, d *desk) {
			for n := range 12 {
				d.copyOf(d.Source, catalog, "Catalog nested", fmt.Sprintf("Catalog nested %02d", n))
			}
			d.sync(ctx, d.Source, "configuration_policies")
		}}),
	)

	It("tells both sides when both moved", func(ctx SpecContext) {
		before := d.Preflight(d.Operator, d.Selection())
		d.edit(d.Source, catalog, "Catalog aligned", func(o graphsim.Object) { o["description"] = "both" })
		d.edit(d.Target, catalog, "Catalog aligned", func(o graphsim.Object) { o["description"] = "sides" })
		d.sync(ctx, d.Source, "configuration_policies")
		d.sync(ctx, d.Target, "configuration_policies")
		told := changesOf(d.refuse(ctx, d.Operator, d.Confirmed(d.Selection(), before), http.StatusConflict, "preflight_stale"))
		Expect(told.names("source")).To(Equal([]string{"Catalog aligned"}))
		Expect(told.names("target")).To(Equal([]string{"Catalog aligned"}))
	})

	DescribeTable("is refused for another selection than its own", func(ctx SpecContext, field string, value any) {
		before := d.Preflight(d.Operator, d.Selection())
		other := d.Selection(object{field: value})
		told := changesOf(d.refuse(ctx, d.Operator, d.Confirmed(other, before), http.StatusConflict, "preflight_stale"))
		Expect(told.Selection).To(BeTrue())
		Expect(told.Unknown).To(BeFalse())
		Expect(told.Source + told.Target).To(BeZero())
		Expect(told.Subjects).To(BeEmpty())
		Expect(told.Then).To(HaveValue(Equal(countsOf(before))))
		Expect(told.Now).To(Equal(countsOf(d.Preflight(d.Operator, other))))
	},
		Entry("fewer types", "policy_types", []string{"configuration_policies"}),
		Entry("a word", "q", "catalog"),
		Entry("single subjects", "subject_keys", []string{"configuration_policies:00000000000000000000000000000000"}),
		Entry("the other match rule", "match_rule", "ignore_version_suffix"),
		Entry("without assignments", "assignments", "exclude"),
	)

	It("is the same for a selection that says the same in other words", func() {
		one := d.Preflight(d.Operator, d.Selection(object{"policy_types": []string{"named_locations", "configuration_policies"}}))
		two := d.Preflight(d.Operator, d.Selection(object{
			"policy_types": []string{"configuration_policies", "named_locations", "named_locations"}, "match_rule": "exact_name", "assignments": "include", "q": "",
		}))
		Expect(two.Fingerprint).To(Equal(one.Fingerprint))
	})

	DescribeTable("is unknown when this workspace never made it for this pair", func(ctx SpecContext, fingerprint func() string) {
		body := wish(d.Selection())
		body["preflight_fingerprint"] = fingerprint()
		told := changesOf(d.refuse(ctx, d.Operator, body, http.StatusConflict, "preflight_stale"))
		Expect(told.Unknown).To(BeTrue())
		Expect(told.Then).To(BeNil())
		Expect(told.Source + told.Target).To(BeZero())
		Expect(told.Subjects).To(BeEmpty())
		Expect(told.Now).To(Equal(countsOf(d.Preflight(d.Operator, d.Selection()))))
	},
		Entry("forged", func() string { return "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }),
		Entry("no digest at all", func() string { return "🜁 %00 ' OR 1=1" }),
		Entry("the other workspace's", func() string { return d.Twin.Preflight(d.Twin.Operator, d.Twin.Selection()).Fingerprint }),
		Entry("of the other direction", func() string {
			return d.Preflight(d.Operator, between(d.Target.ID, d.Source.ID)).Fingerprint
		}),
	)

	It("tells the truth that was submitted, of several preflights", func(ctx SpecContext) {
		first := d.Preflight(d.Operator, d.Selection())
		d.copyOf(d.Source, catalog, "Catalog nested", "Catalog of the first step")
		d.sync(ctx, d.Source, "configuration_policies")
		second := d.Preflight(d.Operator, d.Selection())
		d.copyOf(d.Source, catalog, "Catalog nested", "Catalog of the second step")
		d.sync(ctx, d.Source, "configuration_policies")
		for p, moved := range map[*world.Preflight]int{&first: 2, &second: 1} {
			told := changesOf(d.refuse(ctx, d.Operator, d.Confirmed(d.Selection(), *p), http.StatusConflict, "preflight_stale"))
			Expect(told.Source).To(Equal(moved))
			Expect(told.Then).To(HaveValue(Equal(countsOf(*p))))
		}
	})
})
