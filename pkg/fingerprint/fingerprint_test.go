package fingerprint_test

import (
	"encoding/json"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/fingerprint"
)

var _ = Describe("A digest of JSON", func() {
	DescribeTable("is the same for every spelling of one value", func(a, b string) {
		one, err := fingerprint.OfJSON([]byte(a))
		Expect(err).NotTo(HaveOccurred())
		other, err := fingerprint.OfJSON([]byte(b))
		Expect(err).NotTo(HaveOccurred())
		Expect(one).To(Equal(other))
	},
		Entry("order of properties and white space", `{"b":1,"a":[1,2]}`, "{ \"a\" : [1, 2],\n\"b\":1 }"),
		Entry("numbers", `[1.0, 100]`, `[1, 1e2]`),
		Entry("escapes", `"\u00e9\/"`, `"é/"`),
	)

	DescribeTable("differs for different values", func(a, b string) {
		one, err := fingerprint.OfJSON([]byte(a))
		Expect(err).NotTo(HaveOccurred())
		other, err := fingerprint.OfJSON([]byte(b))
		Expect(err).NotTo(HaveOccurred())
		Expect(one).NotTo(Equal(other))
	},
		Entry("order of a list", `[1,2]`, `[2,1]`),
		Entry("a number and its text", `1`, `"1"`),
		Entry("null and nothing", `{"a":null}`, `{}`),
	)

	DescribeTable("does not exist for what two readers could read differently", func(text string) {
		_, err := fingerprint.OfJSON([]byte(text))
		Expect(err).To(HaveOccurred())
	},
		Entry("a property twice", `{"a":1,"a":2}`), Entry("bytes that are no UTF-8", "\"\xff\""), Entry("no JSON", `{`), Entry("nothing", ``),
	)

	It("keeps its text for ever", func() {
		d, err := fingerprint.OfJSON([]byte(`{"name":"Nordwind","n":[1,2.5,true,null]}`))
		Expect(err).NotTo(HaveOccurred())
		text, err := fingerprint.Canonical([]byte(`{"name":"Nordwind","n":[1,2.5,true,null]}`))
		Expect(err).NotTo(HaveOccurred())
		Expect(string(text)).To(Equal(`{"n":[1,2.5,true,null],"name":"Nordwind"}`))
		Expect(d).To(Equal(fingerprint.Of(text)))
		Expect(d).To(HaveLen(64))
	})

	It("is of the value, not of the Go type that holds it", func() {
		type named struct {
			B int    `json:"b"`
			A string `json:"a"`
		}
		Expect(fingerprint.MustOfValue(named{1, "x"})).To(Equal(fingerprint.MustOfValue(map[string]any{"a": "x", "b": 1})))
	})
})

var _ = Describe("A hasher of records", func() {
	records := func(of [][]string) fingerprint.Digest {
		h := fingerprint.NewHasher()
		for _, r := range of {
			h.Add(r...)
		}
		return h.Sum()
	}

	It("never mistakes one sequence for another", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			texts := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "ab", "a\x00", "\x01"}), 0, 3)
			draw := rapid.SliceOfN(texts, 0, 4)
			a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
			same := slices.EqualFunc(a, b, slices.Equal[[]string])
			if (records(a) == records(b)) != same {
				one, _ := json.Marshal(a)   //nolint:errchkjson // texts always marshal
				other, _ := json.Marshal(b) //nolint:errchkjson // as above
				t.Fatalf("%s and %s", one, other)
			}
		})
	})
})
