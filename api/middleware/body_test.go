package middleware_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/api/middleware"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

var _ = Describe("A JSON body", func() {
	read := func(body, media string) error {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", media)
		_, err := middleware.ReadJSON(r)
		return err
	}
	kind := func(err error) fault.Kind {
		if f := fault.As(err); f != nil {
			return f.Kind
		}
		return ""
	}

	DescribeTable("is one value, sent as JSON",
		func(body, media string, want fault.Kind) { Expect(kind(read(body, media))).To(Equal(want)) },
		Entry("an object", `{"a":[1,{"b":null}]}`, "application/json", fault.Kind("")),
		Entry("with a charset", `{}`, "application/json; charset=utf-8", fault.Kind("")),
		Entry("without a media type", `{}`, "", fault.Invalid),
		Entry("as text", `{}`, "text/json", fault.Invalid),
		Entry("a name twice, deep inside", `{"a":{"b":1,"b":2}}`, "application/json", fault.Invalid),
		Entry("the same name in two objects", `[{"a":1},{"a":2}]`, "application/json", fault.Kind("")),
		Entry("an escaped U+0000", `["\u0000"]`, "application/json", fault.Invalid),
		Entry("a lone surrogate", `["\ud800"]`, "application/json", fault.Malformed),
		Entry("white space only", "  \n", "application/json", fault.Malformed),
	)

	It("never lets U+0000 through and never refuses ordinary text", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			text := rapid.String().Draw(t, "text")
			body, err := json.Marshal(map[string]string{"v": text})
			if err != nil {
				t.Fatal(err)
			}
			refused := middleware.CheckJSON(body) != nil
			if refused != strings.ContainsRune(text, 0) {
				t.Fatalf("refused=%v for %q", refused, text)
			}
		})
	})
})
