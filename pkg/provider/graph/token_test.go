package graph

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/provider"
	"github.com/tenantatlas/tenantatlas/pkg/tenancy"
)

func selfSigned(key, public any) (certificate, private string) {
	template := x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "spec"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, public, key)
	Expect(err).NotTo(HaveOccurred())
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	Expect(err).NotTo(HaveOccurred())
	block := func(kind string, b []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}))
	}
	return block("CERTIFICATE", der), block("PRIVATE KEY", pkcs8)
}

var _ = Describe("tokens", func() {
	ctx := context.Background()
	empty := func(w http.ResponseWriter, _ *http.Request) { respond(w, 200, value()) }

	It("are got once for many readers and calls", func() {
		f := newFakeGraph(empty)
		p := f.open()
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				defer GinkgoRecover()
				r, err := p.Reader(ctx, target())
				Expect(err).NotTo(HaveOccurred())
				_, err = listAll(ctx, r, "assignment_filters")
				Expect(err).NotTo(HaveOccurred())
			})
		}
		group.Wait()
		Expect(f.tokens).To(Equal(1))
	})

	It("are never shared between credentials", func() {
		f := newFakeGraph(empty)
		p := f.open()
		other := target()
		other.Credential.Secret = "another"
		for _, t := range []provider.Target{target(), other} {
			r, err := p.Reader(ctx, t)
			Expect(err).NotTo(HaveOccurred())
			_, err = listAll(ctx, r, "assignment_filters")
			Expect(err).NotTo(HaveOccurred())
		}
		Expect(f.tokens).To(Equal(2))
	})

	It("of another directory are not used for a single call", func() {
		f := newFakeGraph(empty)
		f.tid = elsewhere
		_, err := listAll(ctx, f.reader(), "assignment_filters")
		Expect(fault(err).Class).To(Equal(provider.NoToken))
		Expect(fault(err).Code).To(Equal("credential_tenant_mismatch"))
		_, err = f.writer().Send(ctx, provider.Step{Kind: provider.StepCreate, Method: "POST", Path: "/deviceManagement/assignmentFilters"}, "", "")
		Expect(fault(err).Class).To(Equal(provider.NoToken))
		Expect(fault(err).Ambiguous).To(BeFalse())
		Expect(f.requests()).To(BeEmpty())
	})

	It("come from certificates, too", func() {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		Expect(err).NotTo(HaveOccurred())
		f := newFakeGraph(empty)
		t := target()
		t.Credential = provider.Credential{Kind: tenancy.ClientCertificate}
		t.Credential.CertificatePEM, t.Credential.PrivateKeyPEM = selfSigned(key, key.Public())
		r, err := f.open().Reader(ctx, t)
		Expect(err).NotTo(HaveOccurred())
		_, err = listAll(ctx, r, "assignment_filters")
		Expect(err).NotTo(HaveOccurred())
	})

	It("are not got with a key the login service does not take", func() {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		Expect(err).NotTo(HaveOccurred())
		t := target()
		t.Credential = provider.Credential{Kind: tenancy.ClientCertificate}
		t.Credential.CertificatePEM, t.Credential.PrivateKeyPEM = selfSigned(key, key.Public())
		r, err := newFakeGraph(empty).open().Reader(ctx, t)
		Expect(err).NotTo(HaveOccurred())
		_, err = listAll(ctx, r, "assignment_filters")
		Expect(provider.ClassOf(err)).To(Equal(provider.NoToken))
	})

	DescribeTable("that are refused get a sentence and give nothing away", func(status int, answer any, class provider.Class, code, sentence string) {
		f := newFakeGraph(empty)
		f.login = func(w http.ResponseWriter, _ *http.Request) { respond(w, status, answer) }
		_, err := listAll(ctx, f.reader(), "assignment_filters")
		Expect(fault(err).Class).To(Equal(class))
		Expect(fault(err).Code).To(Equal(code))
		Expect(fault(err).Message).To(ContainSubstring(sentence))
		Expect(fmt.Sprintf("%+v %v", fault(err).Cause, err)).NotTo(Or(ContainSubstring("s3cret"), ContainSubstring("Trace")))
	},
		Entry("wrong secret", 401, object{"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret. Trace ID: 1"},
			provider.NoToken, "AADSTS7000215", "secret is wrong"),
		Entry("no consent", 400, object{"error": "invalid_grant", "error_description": "AADSTS65001: x"}, provider.NoToken, "AADSTS65001", "consented"),
		Entry("unknown", 400, object{"error": "x", "error_description": "AADSTS123456: Trace"}, provider.NoToken, "AADSTS123456", "no token"),
		Entry("away", 503, "busy", provider.Unavailable, "", "not available"),
		Entry("throttled", 429, "busy", provider.Throttled, "", "slow down"),
	)

	It("need a target that makes sense", func() {
		p := newFakeGraph(empty).open()
		for _, change := range []func(*provider.Target){
			func(t *provider.Target) { t.Directory = "common" },
			func(t *provider.Target) { t.Cloud = "moon" },
			func(t *provider.Target) { t.ClientID = "" },
		} {
			t := target()
			change(&t)
			_, err := p.Reader(ctx, t)
			Expect(provider.ClassOf(err)).To(Equal(provider.NoToken))
			_, err = p.Writer(ctx, t)
			Expect(provider.ClassOf(err)).To(Equal(provider.NoToken))
		}
	})
})

var _ = Describe("the addresses of clouds", func() {
	It("are the documented ones", func() {
		eps, err := endpoints("", "")
		Expect(err).NotTo(HaveOccurred())
		Expect(eps).To(HaveLen(4))
		Expect(eps[tenancy.CloudUSGovDoD].graph.String()).To(Equal("https://dod-graph.microsoft.us"))
		Expect(eps[tenancy.CloudChina].login.String()).To(Equal("https://login.chinacloudapi.cn"))
	})
	It("all become the override", func() {
		eps, err := endpoints("https://127.0.0.1:1", "https://127.0.0.1:2/")
		Expect(err).NotTo(HaveOccurred())
		for _, ep := range eps {
			Expect(ep.graph.String() + ep.login.String()).To(Equal("https://127.0.0.1:1https://127.0.0.1:2"))
		}
	})
	DescribeTable("refuse", func(graph, login string) {
		_, err := New(Config{GraphURL: graph, LoginURL: login})
		Expect(err).To(HaveOccurred())
	},
		Entry("one without the other", "https://a", ""),
		Entry("plain http", "http://a", "https://b"),
		Entry("a path", "https://a/x", "https://b"),
		Entry("user information", "https://u@a", "https://b"),
		Entry("no host", "https://", "https://b"),
	)
})
