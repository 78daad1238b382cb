package compare_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/compare"
)

var _ = DescribeTable("A name nobody has words for is made readable", func(id, want string) {
	Expect(compare.Readable(id)).To(Equal(want))
},
	Entry("camel case", "passwordMinimumLength", "Password minimum length"),
	Entry("an abbreviation stays one", "enableUSBStorage", "Enable USB storage"),
	Entry("an abbreviation at the end", "requireMFA", "Require MFA"),
	Entry("one word", "name", "Name"),
	Entry("a setting definition id without its plumbing", "device_vendor_msft_policy_config_devicelock_minlength", "Devicelock minlength"),
	Entry("a user setting definition id", "user_vendor_msft_policy_config_edge_homepage", "Edge homepage"),
	Entry("an intent's definition id", "deviceConfiguration--windows10_firewallEnabled", "Windows10 firewall enabled"),
	Entry("a Graph type", "microsoft.graph.group", "Group"),
	Entry("nothing but separators stays", "__", "__"),
	Entry("nothing", "", ""),
	Entry("other alphabets", "größeÄndern", "Größe ändern"),
)
