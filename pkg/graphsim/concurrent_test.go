package graphsim_test

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

var _ = Describe("many callers at once", func() {
	It("make one object per create, with a journal in the order of execution", func() {
		s := start(quiet(fixtures(dirA), graphsim.Tenant{Directory: dirB}))
		s.token(dirA)
		var wait sync.WaitGroup
		for n := range 8 {
			wait.Add(1)
			go func() {
				defer GinkgoRecover()
				defer wait.Done()
				for i := range 10 {
					a := s.post(catalog, catalogPolicy(fmt.Sprintf("%d-%d", n, i)))
					Expect(a.status).To(Equal(201))
					Expect(s.get(catalog + "/" + a.body["id"].(string)).status).To(Equal(200))
					Expect(s.sim.SetFaults()).To(Succeed())
					_, err := s.sim.Objects(dirA, "configurationPolicies")
					Expect(err).NotTo(HaveOccurred())
				}
			}()
		}
		wait.Wait()
		seen := map[string]bool{}
		for i, e := range s.sim.Journal(0) {
			Expect(e.Seq).To(Equal(int64(i + 1)))
			if e.Method == http.MethodPost && e.Status == 201 {
				Expect(seen).NotTo(HaveKey(e.ObjectID))
				seen[e.ObjectID] = true
			}
		}
		Expect(seen).To(HaveLen(80))
	})
})

var _ = Describe("read-after-write lag for every write", func() {
	It("hides creates and shows former states until the time has passed", func() {
		cfg := quiet(fixtures(dirA))
		cfg.ReadAfterWriteLag = 10 * time.Second
		s := start(cfg)
		id := s.post(catalog, catalogPolicy("Late")).body["id"].(string)
		Expect(s.post(catalog+"/"+id+"/assign", object{"assignments": []any{allDevices()}}).status).To(Equal(200), "writes meet the present state")
		Expect(s.get(catalog + "/" + id).status).To(Equal(404))
		Expect(s.everything(dirA, catalog)).To(HaveLen(3))
		Expect(s.del(catalog + "/" + catalogID).status).To(Equal(200))
		Expect(s.get(catalog + "/" + catalogID).status).To(Equal(200))
		s.clock.Forward(10 * time.Second)
		Expect(s.get(catalog + "/" + id + "?$expand=assignments").body["assignments"]).To(HaveLen(1))
		Expect(s.get(catalog + "/" + catalogID).status).To(Equal(404))
	})
})

var _ = Describe("versions of the service", func() {
	It("has no beta-only collection in v1.0", func() {
		s := start(quiet(fixtures(dirA)))
		Expect(s.get("/v1.0/deviceManagement/configurationPolicies").status).To(Equal(400))
		Expect(s.get("/v1.0/deviceManagement/deviceConfigurations").status).To(Equal(200))
		Expect(s.get("/v1.0/identity/conditionalAccess/policies").status).To(Equal(200))
	})
})
