package arch_test

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const module = "github.com/tenantatlas/tenantatlas/"

// layers of rooms, lowest first. A room may import rooms of lower layers, and of
// its own layer only those named beside it.
var layers = [][]room{
	{{"fault", nil}, {"lifecycle", nil}, {"fingerprint", nil}},
	{
		{"tenancy", nil}, {"access", []string{"tenancy"}}, {"audit", []string{"tenancy"}}, {"subject", []string{"tenancy"}},
	},
	{
		{"identity", nil},
		{"registry", []string{"identity"}},
		{"operation", nil},
		{"provider", nil},
		{"inventory", []string{"provider", "operation"}},
		{"compare", []string{"inventory"}},
		{"promotion", []string{"compare", "inventory", "provider", "operation"}},
	},
	{
		{"store", nil}, {"queue", nil}, {"provider/graph", nil}, {"graphsim", nil}, {"embedded", nil},
	},
}

type room struct {
	name  string
	peers []string
}

// listed is one package as the go command describes it.
type listed struct {
	ImportPath string
	Imports    []string
}

func packages() []listed {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	Expect(err).NotTo(HaveOccurred())
	var all []listed
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else {
			Expect(err).NotTo(HaveOccurred())
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module)
		all = append(all, p)
	}
}

// place finds the room a package belongs to: the longest room name that is a
// folder above it.
func place(importPath string) (layer int, r room, ok bool) {
	rest, isRoom := strings.CutPrefix(importPath, "pkg/")
	if !isRoom {
		return 0, room{}, false
	}
	for p := rest; p != "."; p = path.Dir(p) {
		for n, l := range layers {
			for _, candidate := range l {
				if candidate.name == p {
					return n, candidate, true
				}
			}
		}
	}
	return 0, room{}, false
}

var _ = Describe("Imports between rooms", func() {
	It("go downwards only", func() {
		var wrong []string
		for _, p := range packages() {
			layer, r, ok := place(p.ImportPath)
			if !ok || strings.HasSuffix(p.ImportPath, "test") {
				continue
			}
			for _, i := range p.Imports {
				imported, ours := strings.CutPrefix(i, module)
				if !ours || imported == "migrations" && r.name == "store" {
					continue
				}
				below, other, isRoom := place(imported)
				allowed := isRoom && (other.name == r.name || below < layer || (below == layer && slices.Contains(r.peers, other.name)))
				if !allowed {
					wrong = append(wrong, p.ImportPath+" imports "+imported)
				}
			}
		}
		Expect(wrong).To(BeEmpty(), "a room may import rooms of lower layers and the peers named in pkg/README.md")
	})

	It("keep machinery out of the ground, the vocabulary and the domain", func() {
		forbidden := []string{
			"gorm.io/", "github.com/hibiken/asynq", "github.com/redis/", "github.com/labstack/", "github.com/danielgtaylor/huma",
			"net/http", "database/sql", "os", "os/exec",
		}
		var wrong []string
		for _, p := range packages() {
			layer, r, ok := place(p.ImportPath)
			if !ok || layer > 2 {
				continue
			}
			for _, i := range p.Imports {
				for _, f := range forbidden {
					if i == f || (strings.HasSuffix(f, "/") && strings.HasPrefix(i, f)) || strings.HasPrefix(i, f+"/") && strings.Contains(f, ".") {
						wrong = append(wrong, p.ImportPath+" imports "+i)
					}
				}
				if strings.Contains(i, "casbin") && r.name != "access" {
					wrong = append(wrong, p.ImportPath+" imports "+i)
				}
			}
		}
		Expect(wrong).To(BeEmpty(), "decisions know no database, queue, HTTP or environment")
	})

	It("keep the edge away from tenants and adapters", func() {
		forbidden := []string{"pkg/provider", "pkg/store", "pkg/queue", "pkg/graphsim", "pkg/embedded", "pkg/app"}
		var wrong []string
		for _, p := range packages() {
			if p.ImportPath != "api" && !strings.HasPrefix(p.ImportPath, "api/") {
				continue
			}
			for _, i := range p.Imports {
				imported := strings.TrimPrefix(i, module)
				for _, f := range forbidden {
					if imported == f || strings.HasPrefix(imported, f+"/") {
						wrong = append(wrong, p.ImportPath+" imports "+imported)
					}
				}
			}
		}
		Expect(wrong).To(BeEmpty(), "a page cannot reach a tenant")
	})

	It("let only the write seam hold a writer", func() {
		var wrong []string
		for _, p := range packages() {
			layer, r, ok := place(p.ImportPath)
			if ok && layer == 2 && r.name != "promotion" && r.name != "inventory" && slices.Contains(p.Imports, module+"pkg/provider") {
				wrong = append(wrong, p.ImportPath)
			}
		}
		Expect(wrong).To(BeEmpty())
	})

	It("leave the clock to whoever wires them", func() {
		var wrong []string
		for _, p := range packages() {
			if layer, _, ok := place(p.ImportPath); !ok || layer > 2 {
				continue
			}
			files, err := filepath.Glob("../../" + p.ImportPath + "/*.go")
			Expect(err).NotTo(HaveOccurred())
			for _, f := range files {
				text, err := os.ReadFile(f)
				Expect(err).NotTo(HaveOccurred())
				if !strings.HasSuffix(f, "_test.go") && (strings.Contains(string(text), "time.Now(") || strings.Contains(string(text), "time.Sleep(")) {
					wrong = append(wrong, f)
				}
			}
		}
		Expect(wrong).To(BeEmpty(), "a function without a context reads no clock")
	})

	It("keep the simulator free of the product", func() {
		for _, p := range packages() {
			if p.ImportPath != "pkg/graphsim" {
				continue
			}
			for _, i := range p.Imports {
				Expect(i).NotTo(HavePrefix(module))
			}
		}
	})
})
