package graphsim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

const catalog = "/beta/deviceManagement/configurationPolicies"

var _ = Describe("faults", func() {
	var s *rig
	BeforeEach(func() {
		s = start(quiet(fixtures(dirA), graphsim.Tenant{Directory: dirB}))
		s.token(dirA)
		s.token(dirB)
	})
	set := func(f ...graphsim.Fault) {
		GinkgoHelper()
		Expect(s.sim.SetFaults(f...)).To(Succeed())
	}
	named := func(name string) int {
		GinkgoHelper()
		stored, err := s.sim.Objects(dirA, "configurationPolicies")
		Expect(err).NotTo(HaveOccurred())
		n := 0
		for _, o := range stored {
			if o["name"] == name {
				n++
			}
		}
		return n
	}
	last := func() graphsim.Entry {
		all := s.sim.Journal(0)
		return all[len(all)-1]
	}

	It("answers errors before and after the work", func() {
		set(graphsim.Fault{Mode: graphsim.ErrorBeforeExecute, Method: "POST", Times: 1})
		Expect(s.post(catalog, catalogPolicy("Before")).status).To(Equal(503))
		Expect(named("Before")).To(Equal(0))
		set(graphsim.Fault{Mode: graphsim.ErrorAfterExecute, Method: "POST", Times: 1})
		Expect(s.post(catalog, catalogPolicy("After")).status).To(Equal(504))
		Expect(named("After")).To(Equal(1))
		Expect(last().ObjectID).NotTo(BeEmpty())
		Expect(s.post(catalog, catalogPolicy("Third")).status).To(Equal(201), "the fault is used up")
	})

	It("resets the connection after the work", func() {
		set(graphsim.Fault{Mode: graphsim.ResetAfterExecute, Method: "POST", PathPrefix: catalog})
		_, err := client.Do(s.request(dirA, "POST", catalog, catalogPolicy("Reset")))
		Expect(err).To(HaveOccurred())
		Expect(named("Reset")).To(Equal(1))
		Expect(last().Status).To(Equal(201))
	})

	It("never answers after the work until the client gives up", func() {
		set(graphsim.Fault{Mode: graphsim.TimeoutAfterExecute, Method: "POST"})
		ctx, cancel := context.WithTimeout(context.Background(), 150*time.Millisecond)
		defer cancel()
		_, err := client.Do(s.request(dirA, "POST", catalog, catalogPolicy("Hang")).WithContext(ctx))
		Expect(errors.Is(err, context.DeadlineExceeded)).To(BeTrue())
		Expect(named("Hang")).To(Equal(1))
	})

	It("throttles with and without Retry-After", func() {
		set(graphsim.Fault{Mode: graphsim.Throttle, Times: 1, RetryAfter: "2.128"}, graphsim.Fault{Mode: graphsim.Throttle, Times: 1})
		first, second := s.get(catalog), s.get(catalog)
		Expect(first.status).To(Equal(429))
		Expect(first.header.Get("Retry-After")).To(Equal("2.128"))
		Expect(second.status).To(Equal(429))
		Expect(second.header).NotTo(HaveKey("Retry-After"))
		Expect(s.get(catalog).status).To(Equal(200))
	})

	It("answers any status, for one directory, verb and path only", func() {
		set(graphsim.Fault{Mode: graphsim.Status, Status: 401, Directory: dirA, Method: "GET", PathPrefix: "/deviceManagement/configurationPolicies"})
		Expect(s.get(catalog).status).To(Equal(401))
		Expect(s.get("/beta/deviceManagement/intents").status).To(Equal(200))
		Expect(s.post(catalog, catalogPolicy("Other verb")).status).To(Equal(201))
		Expect(s.call(dirB, "GET", catalog, nil).status).To(Equal(200))
	})

	It("lets a gateway answer HTML", func() {
		set(graphsim.Fault{Mode: graphsim.ErrorBeforeExecute, Status: 502})
		a := s.get(catalog)
		Expect(a.status).To(Equal(502))
		Expect(a.header.Get("Content-Type")).To(Equal("text/html"))
		Expect(string(a.raw)).To(HavePrefix("<html>"))
	})

	It("leaves logins alone unless they are named", func() {
		set(graphsim.Fault{Mode: graphsim.ErrorBeforeExecute})
		s.tokens = map[string]string{}
		s.token(dirA)
		set(graphsim.Fault{Mode: graphsim.ErrorBeforeExecute, PathPrefix: "/" + dirA + "/oauth2"})
		Expect(s.login(dirA, form("client_secret", graphsim.Secret)).status).To(Equal(503))
	})

	It("hides a write from readers for a while", func() {
		set(graphsim.Fault{Mode: graphsim.Lag, DelayMS: 3000})
		id := s.post(catalog, catalogPolicy("Late")).body["id"].(string)
		Expect(s.patch(catalog+"/"+catalogID, object{"description": "new"}).status).To(Equal(204))
		set()
		Expect(s.get(catalog + "/" + id).status).To(Equal(404))
		Expect(s.get(catalog + "/" + catalogID).body["description"]).NotTo(Equal("new"))
		s.clock.Forward(3 * time.Second)
		Expect(s.get(catalog + "/" + id).status).To(Equal(200))
		Expect(s.get(catalog + "/" + catalogID).body["description"]).To(Equal("new"))
	})

	It("reads stale", func() {
		id := s.post(catalog, catalogPolicy("Fresh")).body["id"].(string)
		set(graphsim.Fault{Mode: graphsim.StaleRead, Times: 1})
		Expect(s.get(catalog + "/" + id).status).To(Equal(404))
		Expect(s.get(catalog + "/" + id).status).To(Equal(200))
	})

	It("makes small pages and foreign links, together with others", func() {
		set(graphsim.Fault{Mode: graphsim.SmallPages}, graphsim.Fault{Mode: graphsim.ForeignNextLink, Times: 1})
		a := s.get(catalog)
		Expect(a.values()).To(HaveLen(2))
		Expect(a.body["@odata.nextLink"]).To(HavePrefix("https://graph.foreign.invalid/"))
		Expect(s.everything(dirA, catalog)).To(HaveLen(3))
	})

	It("truncates, swells and nests bodies", func() {
		set(graphsim.Fault{Mode: graphsim.Truncated, Times: 1})
		res, err := client.Do(s.request(dirA, "GET", catalog, nil))
		Expect(err).NotTo(HaveOccurred())
		_, err = io.ReadAll(res.Body)
		Expect(err).To(MatchError(io.ErrUnexpectedEOF))
		Expect(res.Body.Close()).To(Succeed())

		set(graphsim.Fault{Mode: graphsim.Huge, Times: 1})
		Expect(len(s.get(catalog).raw)).To(BeNumerically(">", 40<<20))

		set(graphsim.Fault{Mode: graphsim.Deep, Times: 1})
		res, err = client.Do(s.request(dirA, "GET", catalog, nil))
		Expect(err).NotTo(HaveOccurred())
		raw, err := io.ReadAll(res.Body)
		Expect(err).NotTo(HaveOccurred())
		Expect(res.Body.Close()).To(Succeed())
		Expect(strings.Count(string(raw), `{"n":`)).To(Equal(20_000))
	})

	It("trickles slowly", func() {
		set(graphsim.Fault{Mode: graphsim.Slow, DelayMS: 100})
		from := time.Now()
		Expect(s.get(catalog).values()).NotTo(BeEmpty())
		Expect(time.Since(from)).To(BeNumerically(">=", 90*time.Millisecond))
	})

	It("draws probabilities repeatably", func() {
		draw := func() []int {
			other := start(graphsim.Config{
				Tenants: []graphsim.Tenant{{Directory: dirA}}, Limits: graphsim.Limits{Off: true}, Seed: 7,
				Faults: []graphsim.Fault{{Mode: graphsim.Status, Status: 500, Probability: 0.5}},
			})
			var out []int
			for range 20 {
				out = append(out, other.get(catalog).status)
			}
			return out
		}
		first := draw()
		Expect(first).To(And(ContainElement(200), ContainElement(500)))
		Expect(draw()).To(Equal(first))
	})

	It("is set through the control API, which checks it", func() {
		put := func(body string) int {
			req, err := http.NewRequestWithContext(context.Background(), http.MethodPut, s.web.URL+"/_sim/faults", bytes.NewBufferString(body))
			Expect(err).NotTo(HaveOccurred())
			return do(req).status
		}
		res := put(`[{"mode":"throttle","retry_after":315,"times":1,"path_prefix":"/beta"}]`)
		Expect(res).To(Equal(200))
		Expect(s.get(catalog).header.Get("Retry-After")).To(Equal("315"))
		Expect(put(`[{"mode":"nonsense"}]`)).To(Equal(400))
		Expect(put(`[{"mode":"slow","typo":1}]`)).To(Equal(400))
		Expect(put(`{}`)).To(Equal(400))
	})

	It("survives JSON", func() {
		data, err := json.Marshal(graphsim.Fault{Mode: graphsim.Throttle, RetryAfter: "7", Times: 2})
		Expect(err).NotTo(HaveOccurred())
		Expect(string(data)).To(MatchJSON(`{"mode":"throttle","retry_after":"7","times":2}`))
	})
})
