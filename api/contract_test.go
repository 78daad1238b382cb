package api_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/errors"

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
	k.load()
	if r.Method == http.MethodHead || !strings.HasPrefix(r.URL.Path, api.BasePath) {
		return
	}
	ok, errs := k.v.ValidateHttpResponse(r, w.Result())
	if !ok && unrouted(w.Code, errs) {
		return
	}
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

// load reads the description once.
func (k *contractCheck) load() {
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
}

// unrouted reports the router's own refusals, which no description speaks of.
func unrouted(status int, errs []*errors.ValidationError) bool {
	refused := status == http.StatusNotFound || status == http.StatusMethodNotAllowed
	return refused && len(errs) == 1 && (errs[0].IsPathMissingError() || errs[0].IsOperationMissingError())
}

var _ = Describe("The contract check of these specs", func() {
	It("notices an answer that the description does not promise", func() {
		contract.load()
		r := httptest.NewRequest(http.MethodGet, api.BasePath+"/workspaces", nil)
		for status, body := range map[int]string{200: `{"items":[{"id":7}],"next_cursor":null}`, 418: `{}`} {
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			w.WriteString(body)
			ok, _ := contract.v.ValidateHttpResponse(r, w.Result())
			Expect(ok).To(BeFalse(), "%d", status)
		}
	})
})
