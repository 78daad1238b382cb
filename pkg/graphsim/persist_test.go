package graphsim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

var _ = Describe("a data directory", func() {
	It("keeps writes, removals, secrets, the journal and tokens across restarts, and survives a torn line", func() {
		dir := GinkgoT().TempDir()
		cfg := quiet(fixtures(dirA))
		cfg.DataDir = dir
		s := start(cfg)
		id := s.post(catalog, catalogPolicy("Kept")).body["id"].(string)
		Expect(s.patch(catalog+"/"+catalogID, object{"description": "changed"}).status).To(Equal(204))
		Expect(s.del(messages + "/" + templateID).status).To(Equal(200))
		before := s.sim.Journal(0)
		Expect(s.sim.Close()).To(Succeed())

		log := filepath.Join(dir, "tenant-"+dirA+".ndjson")
		file, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY, 0)
		Expect(err).NotTo(HaveOccurred())
		_, err = file.WriteString(`{"collection":"configurationPolicies","id":"torn`)
		Expect(err).NotTo(HaveOccurred())
		Expect(file.Close()).To(Succeed())

		again := start(cfg)
		again.tokens = s.tokens
		Expect(again.get(catalog + "/" + id).body["name"]).To(Equal("Kept"))
		Expect(again.get(catalog + "/" + catalogID).body["description"]).To(Equal("changed"))
		Expect(again.get(messages + "/" + templateID).status).To(Equal(404))
		Expect(again.sim.Journal(0)[:len(before)]).To(Equal(before))
		Expect(again.sim.Journal(int64(len(before)))[0].Seq).To(Equal(int64(len(before) + 1)))
		Expect(again.post(catalog, catalogPolicy("Second")).body["id"]).NotTo(Equal(id))
	})

	It("keeps its certificate authority", func(ctx SpecContext) {
		cfg := quiet()
		cfg.DataDir = GinkgoT().TempDir()
		var authorities [][]byte
		for range 2 {
			sim, err := graphsim.New(cfg)
			Expect(err).NotTo(HaveOccurred())
			_, ca, err := sim.ListenTLS(ctx, "127.0.0.1:0")
			Expect(err).NotTo(HaveOccurred())
			authorities = append(authorities, ca)
			Expect(sim.Close()).To(Succeed())
		}
		Expect(authorities[0]).To(Equal(authorities[1]))
	})
})

var _ = Describe("the journal and the control API", func() {
	var s *rig
	BeforeEach(func() { s = start(quiet(fixtures(dirA))) })
	control := func(method, path string, body any) answer {
		GinkgoHelper()
		data, err := json.Marshal(body)
		Expect(err).NotTo(HaveOccurred())
		req, err := http.NewRequestWithContext(context.Background(), method, s.web.URL+path, bytes.NewReader(data))
		Expect(err).NotTo(HaveOccurred())
		return do(req)
	}

	It("notes every request with its object, and no control request", func() {
		id := s.post(catalog, catalogPolicy("x")).body["id"].(string)
		s.get(catalog + "/" + id + "?$select=id")
		a := control("GET", "/_sim/journal?after=0", nil)
		items := a.body["items"].([]any)
		Expect(items).To(HaveLen(3))
		Expect(items[0]).To(And(HaveKeyWithValue("path", "/"+dirA+"/oauth2/v2.0/token"), HaveKeyWithValue("directory", dirA)))
		Expect(items[1]).To(And(HaveKeyWithValue("method", "POST"), HaveKeyWithValue("status", BeNumerically("==", 201)), HaveKeyWithValue("object_id", id)))
		Expect(items[2]).To(HaveKeyWithValue("path", catalog+"/"+id+"?$select=id"))
		Expect(a.body["next"]).To(BeNumerically("==", 3))
		Expect(control("GET", "/_sim/journal?after=3", nil).body["items"]).To(BeEmpty())
	})

	It("changes tenants from outside", func() {
		base := "/_sim/objects?directory=" + dirA + "&collection=configurationPolicies"
		made := control("POST", base, catalogPolicy("Outside"))
		Expect(made.status).To(Equal(201), string(made.raw))
		id := made.body["id"].(string)
		Expect(s.get(catalog + "/" + id).body["name"]).To(Equal("Outside"))
		made.body["name"] = "Renamed"
		Expect(control("POST", base, made.body).status).To(Equal(200))
		Expect(s.get(catalog + "/" + id).body["name"]).To(Equal("Renamed"))
		Expect(control("GET", base+"&id="+id, nil).body["items"]).To(HaveLen(1))
		Expect(control("DELETE", base+"&id="+id, nil).status).To(Equal(204))
		Expect(control("DELETE", base+"&id="+id, nil).status).To(Equal(404))
		Expect(s.get(catalog + "/" + id).status).To(Equal(404))
		Expect(control("GET", "/_sim/objects?directory="+dirB+"&collection=groups", nil).status).To(Equal(404))
		Expect(control("GET", "/_sim/objects?directory="+dirA+"&collection=typo", nil).status).To(Equal(404))
		Expect(control("GET", "/_sim/nothing", nil).status).To(Equal(404))
	})

	It("tells what loading did", func() {
		report := control("GET", "/_sim/load-report", nil).body["items"].([]any)[0]
		Expect(report).To(And(HaveKeyWithValue("directory", dirA), HaveKeyWithValue("malformed", BeNumerically("==", 1))))
	})
})
