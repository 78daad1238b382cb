package api_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
)

// contract holds every answer of these specs against the description.
var contract = &contractCheck{}

type contractCheck struct {
	once sync.Once
	v    validator.Validator
}

// check fails the spec when an answer below the base path is not what the
// description promises: its status, media type and body.
func (k *contractCheck) check(r *http.Request, w *httptest.ResponseRecorder) {
	GinkgoHelper()
	k.once.Do(func() {
		text, err := api.New(api.Deps{}).Document()
		Expect(err).NotTo(HaveOccurred())
		doc, err := libopenapi.NewDocument(text)
		Expect(err).NotTo(HaveOccurred())
		made, errs := validator.NewValidator(doc)
		Expect(errs).To(BeEmpty())
		k.v = made
	})
	if !k.described(r, w) {
		return
	}
	answer := w.Result()
	ok, errs := k.v.ValidateHttpResponse(r, answer)
	var told bytes.Buffer
	for _, e := range errs {
		told.WriteString(e.Message + ": " + e.Reason + "\n")
		for _, s := range e.SchemaValidationErrors {
			told.WriteString("  " + s.KeywordLocation + ": " + s.Reason + "\n")
		}
	}
	Expect(ok).To(BeTrue(), "%s %s answered %d outside the description:\n%s\n%s",
		r.Method, r.URL.Path, w.Code, told.String(), w.Body.String())
}

// described leaves out what no description speaks of: other addresses, HEAD,
// and the router's own refusals.
func (k *contractCheck) described(r *http.Request, w *httptest.ResponseRecorder) bool {
	if len(r.URL.Path) < len(api.BasePath) || r.URL.Path[:len(api.BasePath)] != api.BasePath {
		return false
	}
	return r.Method != http.MethodHead && w.Header().Get("X-Spec-Unrouted") == "" && !bytes.Contains(w.Body.Bytes(), []byte(`"method_not_allowed"`))
}
