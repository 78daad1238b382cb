package registry

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/access"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

const guidText = "6f1c2b1e-0000-4000-8000-00000000000a"

// keyPair makes a certificate of its own key, both as PEM.
func keyPair() (certificate, key string) {
	GinkgoHelper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	Expect(err).NotTo(HaveOccurred())
	t := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "spec"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &private.PublicKey, private)
	Expect(err).NotTo(HaveOccurred())
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	Expect(err).NotTo(HaveOccurred())
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
}

func location(err error) string {
	f := fault.As(err)
	if f == nil || len(f.Details) == 0 {
		return ""
	}
	return f.Details[0].Location
}

var _ = Describe("What the registry takes in", func() {
	DescribeTable("a new tenant", func(n NewTenant, field string) {
		t, err := n.clean()
		Expect(location(err)).To(Equal(field))
		if field == "" {
			Expect(err).NotTo(HaveOccurred())
			Expect(string(t.DirectoryID)).To(Equal(guidText))
		}
	},
		Entry("is taken with its GUID in any case", NewTenant{" Nord ", strings.ToUpper(guidText), tenancy.CloudGlobal}, ""),
		Entry("needs a name", NewTenant{" ", guidText, tenancy.CloudGlobal}, "body.display_name"),
		Entry("needs a printable name", NewTenant{"a\x00b", guidText, tenancy.CloudGlobal}, "body.display_name"),
		Entry("needs a GUID", NewTenant{"Nord", "contoso.example", tenancy.CloudGlobal}, "body.directory_id"),
		Entry("needs a known cloud", NewTenant{"Nord", guidText, "moon"}, "body.cloud"),
	)

	It("takes a client secret, and drops the parts of the other kind", func() {
		c, err := NewConnection{ClientID: guidText, Kind: tenancy.ClientSecret, Secret: tenancy.NewSecret("s"), Certificate: "x"}.clean()
		Expect(err).NotTo(HaveOccurred())
		Expect(c.Secret.Reveal()).To(Equal("s"))
		Expect(c.Certificate).To(BeEmpty())
	})

	It("takes a certificate only with the key that belongs to it", func() {
		certificate, key := keyPair()
		_, other := keyPair()
		n := NewConnection{ClientID: guidText, Kind: tenancy.ClientCertificate, Certificate: certificate, PrivateKey: tenancy.NewSecret(key)}
		_, err := n.clean()
		Expect(err).NotTo(HaveOccurred())
		n.PrivateKey = tenancy.NewSecret(other)
		_, err = n.clean()
		Expect(location(err)).To(Equal("body.credential.private_key_pem"))
		n.Certificate = "nothing"
		_, err = n.clean()
		Expect(location(err)).To(Equal("body.credential.certificate_pem"))
	})

	DescribeTable("refuses a connection that can never sign in", func(n NewConnection, field string) {
		_, err := n.clean()
		Expect(location(err)).To(Equal(field))
	},
		Entry("without an application", NewConnection{Kind: tenancy.ClientSecret, Secret: tenancy.NewSecret("s")}, "body.client_id"),
		Entry("without a secret", NewConnection{ClientID: guidText, Kind: tenancy.ClientSecret}, "body.credential.secret"),
		Entry("of no kind", NewConnection{ClientID: guidText}, "body.credential.kind"),
	)
})

var _ = Describe("Who may grant a role", func() {
	It("is anybody who manages members, but owner is the owners' to give and take", func() {
		nobody := access.Scope{}
		Expect(mayGrant(nobody, tenancy.Manager, tenancy.Readonly)).To(Succeed())
		Expect(fault.HasCode(mayGrant(nobody, tenancy.Owner, ""), fault.CodeForbidden)).To(BeTrue())
		Expect(fault.HasCode(mayGrant(nobody, tenancy.Readonly, tenancy.Owner), fault.CodeForbidden)).To(BeTrue())
		Expect(fault.HasCode(mayGrant(nobody, "emperor", ""), fault.CodeInvalidInput)).To(BeTrue())
		Expect(mayGrant(access.System("ws"), tenancy.Owner, "")).To(Succeed())
	})
})

var _ = Describe("An opened credential", func() {
	const canary = "canary-51d0"
	c := Credential{
		TenantID: "t1", ClientID: guidText, Kind: tenancy.ClientSecret,
		Secret: tenancy.NewSecret(canary), PrivateKey: tenancy.NewSecret(canary), Certificate: canary,
	}
	It("prints, marshals and logs without what it holds", func() {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
			Expect(fmt.Sprintf(verb, c)).NotTo(ContainSubstring(canary))
			Expect(fmt.Sprintf(verb, &c)).NotTo(ContainSubstring(canary))
			Expect(fmt.Sprintf(verb, struct{ C Credential }{c})).NotTo(ContainSubstring(canary))
		}
		text, err := json.Marshal(map[string]any{"c": c})
		Expect(err).NotTo(HaveOccurred())
		Expect(string(text)).NotTo(ContainSubstring(canary))
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "c", c)
		Expect(log.String()).To(ContainSubstring("t1"))
		Expect(log.String()).NotTo(ContainSubstring(canary))
	})
})
