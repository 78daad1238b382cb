package graphsim_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

func form(pairs ...string) url.Values {
	v := url.Values{"grant_type": {"client_credentials"}, "client_id": {app}, "scope": {"https://graph/.default"}}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func jwt(head, claims string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(head)) + "." + enc([]byte(claims)) + "." + enc([]byte("signature"))
}

var _ = Describe("login", func() {
	var s *rig
	BeforeEach(func() { s = start(quiet(fixtures(dirA), graphsim.Tenant{Directory: dirB})) })

	It("gives a tenant-bound token for the simulated secret", func() {
		a := s.login(dirA, form("client_secret", graphsim.Secret))
		Expect(a.status).To(Equal(200))
		Expect(a.body["expires_in"]).To(BeNumerically("==", 3599))
		raw, err := base64.RawURLEncoding.DecodeString(strings.Split(a.body["access_token"].(string), ".")[1])
		Expect(err).NotTo(HaveOccurred())
		Expect(string(raw)).To(And(ContainSubstring(`"tid":"`+dirA+`"`), ContainSubstring("DeviceManagementConfiguration.ReadWrite.All")))
	})

	DescribeTable("refuses", func(values url.Values, status int, kind, number string) {
		a := s.login(dirA, values)
		Expect(a.status).To(Equal(status), string(a.raw))
		Expect(a.body["error"]).To(Equal(kind))
		Expect(a.body["error_description"]).To(HavePrefix("AADSTS" + number))
	},
		Entry("a wrong secret", form("client_secret", "guess"), 401, "invalid_client", "7000215"),
		Entry("no secret", form(), 401, "invalid_client", "7000215"),
		Entry("an assertion that is no JWT", form("client_assertion", "a.b.c"), 401, "invalid_client", "50027"),
		Entry("another grant", form("grant_type", "password"), 400, "unsupported_grant_type", "70003"),
		Entry("a scope without .default", form("client_secret", graphsim.Secret, "scope", "x"), 400, "invalid_scope", "70011"),
	)

	It("takes a certificate assertion that reads as a JWT", func() {
		Expect(s.login(dirA, form("client_assertion", jwt(`{"alg":"PS256"}`, `{"iss":"x","exp":4102444800}`))).status).To(Equal(200))
	})

	It("does not know other directories", func() {
		a := s.login("dddddddd-0000-4000-8000-00000000000d", form("client_secret", graphsim.Secret))
		Expect(a.status).To(Equal(400))
		Expect(a.body["error_description"]).To(HavePrefix("AADSTS90002"))
	})

	It("answers 401 without, with a forged and with an expired token", func() {
		for _, header := range []string{"", "Bearer nonsense", "Bearer " + s.token(dirA) + "x", "Basic abc"} {
			req := s.request(dirA, http.MethodGet, "/beta/groups", nil)
			req.Header.Set("Authorization", header)
			a := do(req)
			Expect(a.status).To(Equal(401))
			Expect(a.code()).To(Equal("InvalidAuthenticationToken"))
		}
		token := s.token(dirA)
		s.clock.Forward(2 * time.Hour)
		req := s.request(dirA, http.MethodGet, "/beta/groups", nil)
		req.Header.Set("Authorization", "Bearer "+token)
		Expect(do(req).status).To(Equal(401))
	})

	It("shows each token its own tenant only", func() {
		Expect(s.everything(dirA, "/beta/deviceManagement/configurationPolicies")).NotTo(BeEmpty())
		Expect(s.everything(dirB, "/beta/deviceManagement/configurationPolicies")).To(BeEmpty())
	})
})

var _ = Describe("service principals and permissions", func() {
	It("gives every client one in a tenant without a folder of them", func() {
		s := start(quiet(graphsim.Tenant{Directory: dirA}))
		s.token(dirA)
		found := s.get("/v1.0/servicePrincipals?$filter=appId eq '" + app + "'").values()
		Expect(found).To(HaveLen(1))
		id := found[0]["id"].(string)
		Expect(len(s.get("/v1.0/servicePrincipals/" + id + "/appRoleAssignments").values())).To(BeNumerically(">", 20))
		Expect(s.get("/v1.0/servicePrincipals(appId='" + app + "')").body["id"]).To(Equal(id))
	})

	It("takes roles from a folder, refuses what they do not hold and unknown clients", func() {
		s := start(quiet(graphsim.Tenant{Directory: dirA, Objects: map[string][]graphsim.Object{"servicePrincipals": {{
			"appId": app, "displayName": "Reader", "appRoleAssignments": []any{
				object{"id": "g1", "appRoleId": "dc377aa6-52d8-4e23-b271-2a7ae04cedf3", "resourceId": "12121212-0000-4000-8000-000000000001"},
			},
		}}}}))
		Expect(s.get("/beta/deviceManagement/configurationPolicies").status).To(Equal(200))
		Expect(s.get("/v1.0/servicePrincipals").status).To(Equal(403))
		refused := s.post("/beta/deviceManagement/configurationPolicies", catalogPolicy("x"))
		Expect(refused.status).To(Equal(403))
		Expect(refused.code()).To(Equal("Forbidden"))
		unknown := s.login(dirA, form("client_id", "eeeeeeee-0000-4000-8000-00000000000e", "client_secret", graphsim.Secret))
		Expect(unknown.body["error_description"]).To(HavePrefix("AADSTS700016"))
	})
})

var _ = Describe("https", func() {
	var (
		origin string
		client *http.Client
	)
	BeforeEach(func() {
		sim, err := graphsim.New(quiet(graphsim.Tenant{Directory: dirA}))
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(sim.Close()).To(Succeed()) })
		var ca []byte
		origin, ca, err = sim.ListenTLS(context.Background(), "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		roots := x509.NewCertPool()
		Expect(roots.AppendCertsFromPEM(ca)).To(BeTrue())
		client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
		DeferCleanup(client.CloseIdleConnections)
	})
	options := func() azcore.ClientOptions {
		return azcore.ClientOptions{Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: origin}, Transport: client}
	}
	reads := func(ctx context.Context, cred azcore.TokenCredential) {
		GinkgoHelper()
		token, err := cred.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{origin + "/.default"}})
		Expect(err).NotTo(HaveOccurred())
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/beta/deviceManagement/roleScopeTags", nil)
		Expect(err).NotTo(HaveOccurred())
		req.Header.Set("Authorization", "Bearer "+token.Token)
		res, err := client.Do(req)
		Expect(err).NotTo(HaveOccurred())
		Expect(read(res).status).To(Equal(200))
	}

	It("serves azidentity with a secret", func(ctx SpecContext) {
		cred, err := azidentity.NewClientSecretCredential(dirA, app, graphsim.Secret,
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options(), DisableInstanceDiscovery: true})
		Expect(err).NotTo(HaveOccurred())
		reads(ctx, cred)
	}, NodeTimeout(20*time.Second))

	It("serves azidentity with a certificate", func(ctx SpecContext) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		Expect(err).NotTo(HaveOccurred())
		template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		Expect(err).NotTo(HaveOccurred())
		cert, err := x509.ParseCertificate(der)
		Expect(err).NotTo(HaveOccurred())
		cred, err := azidentity.NewClientCertificateCredential(dirA, app, []*x509.Certificate{cert}, key,
			&azidentity.ClientCertificateCredentialOptions{ClientOptions: options(), DisableInstanceDiscovery: true})
		Expect(err).NotTo(HaveOccurred())
		reads(ctx, cred)
	}, NodeTimeout(20*time.Second))
})
