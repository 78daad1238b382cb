package lifecycle_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/lifecycle"
)

type light string

var table = lifecycle.Table[light]{
	{State: "off", Meaning: "nothing shines", Next: []light{"on", "broken"}},
	{State: "on", Meaning: "one can read", Next: []light{"off"}},
	{State: "broken", Meaning: "one cannot"},
}

var _ = Describe("A lifecycle table", func() {
	DescribeTable("allows exactly its moves", func(from, to light, allowed bool) {
		Expect(table.Allows(from, to)).To(Equal(allowed))
	},
		Entry("off → on", light("off"), light("on"), true),
		Entry("off → broken", light("off"), light("broken"), true),
		Entry("on → off", light("on"), light("off"), true),
		Entry("on → broken", light("on"), light("broken"), false),
		Entry("on → on: staying is no move", light("on"), light("on"), false),
		Entry("broken → on", light("broken"), light("on"), false),
		Entry("from a state that does not exist", light("blue"), light("on"), false),
	)

	It("knows where life ends, and every state in order", func() {
		Expect(table.Terminal("broken")).To(BeTrue())
		Expect(table.Terminal("on")).To(BeFalse())
		Expect(table.Terminal("blue")).To(BeFalse())
		Expect(table.All()).To(Equal([]light{"off", "on", "broken"}))
	})

	It("prints itself", func() {
		page := table.Page("The lamp")
		Expect(page).To(ContainSubstring("| `off` | nothing shines | `on`, `broken` |"))
		Expect(page).To(ContainSubstring("    on --> off\n"))
	})
})
