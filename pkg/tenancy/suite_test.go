package tenancy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

func TestTenancy(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "Tenancy")
}

var _ = Describe("A secret", func() {
	const canary = "canary-7f3a"
	secret := tenancy.NewSecret(canary)

	It("gives its text to whoever asks for it by name", func() {
		Expect(secret.Reveal()).To(Equal(canary))
		Expect(secret.Empty()).To(BeFalse())
		Expect(tenancy.Secret{}.Empty()).To(BeTrue())
	})

	DescribeTable("is never printed", func(verb string) {
		holder := struct{ S tenancy.Secret }{secret}
		for _, v := range []any{secret, &secret, holder, []tenancy.Secret{secret}, map[string]tenancy.Secret{"k": secret}} {
			Expect(fmt.Sprintf(verb, v)).NotTo(ContainSubstring(canary))
		}
	},
		Entry(nil, "%v"), Entry(nil, "%+v"), Entry(nil, "%#v"), Entry(nil, "%s"), Entry(nil, "%q"), Entry(nil, "%x"), Entry(nil, "%d"))

	It("is never written to JSON or a log", func() {
		text, err := json.Marshal(map[string]any{"s": secret, "p": &secret})
		Expect(err).NotTo(HaveOccurred())
		Expect(string(text)).NotTo(ContainSubstring(canary))
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "s", secret, "p", &secret)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "s", secret, "g", slog.GroupValue(slog.Any("s", secret)))
		Expect(log.String()).To(ContainSubstring("[redacted]"))
		Expect(log.String()).NotTo(ContainSubstring(canary))
	})
})

var _ = Describe("A revision", func() {
	seven := int64(7)
	DescribeTable("is compared with what is stored", func(expected *int64, current int64, code string) {
		err := tenancy.CheckRevision(expected, current)
		if code == "" {
			Expect(err).NotTo(HaveOccurred())
			return
		}
		Expect(fault.HasCode(err, code)).To(BeTrue())
	},
		Entry("the same passes", &seven, int64(7), ""),
		Entry("none is required", nil, int64(7), "precondition_required"),
		Entry("an older one is stale", &seven, int64(8), fault.CodePrecondition),
	)
})
