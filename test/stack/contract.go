package stack

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/errors"

	"github.com/tenantatlas/tenantatlas/api"
)

// contract holds answers against the description of the API.
type contract struct{ v validator.Validator }

var description = sync.OnceValue(func() *contract {
	GinkgoHelper()
	text, err := api.New(api.Deps{}).Document()
	Expect(err).NotTo(HaveOccurred())
	doc, err := libopenapi.NewDocument(text)
	Expect(err).NotTo(HaveOccurred())
	v, errs := validator.NewValidator(doc)
	Expect(errs).To(BeEmpty())
	return &contract{v}
})

// check fails the spec when the answer is not one that the description promises.
func (k *contract) check(r *http.Request, resp *http.Response, body []byte) {
	GinkgoHelper()
	if r.Method == http.MethodHead || !strings.HasPrefix(r.URL.Path, api.BasePath) {
		return
	}
	held := *resp
	held.Body = io.NopCloser(bytes.NewReader(body))
	ok, errs := k.v.ValidateHttpResponse(r, &held)
	if ok || unrouted(resp.StatusCode, errs) {
		return
	}
	var told strings.Builder
	for _, e := range errs {
		told.WriteString(e.Message + ": " + e.Reason + "\n")
		for _, s := range e.SchemaValidationErrors {
			told.WriteString("  " + s.KeywordLocation + ": " + s.Reason + "\n")
		}
	}
	Fail(r.Method + " " + r.URL.Path + " answered " + resp.Status + " outside its description:\n" + told.String() + string(body))
}

// unrouted reports the router's own refusals, which no description speaks of.
func unrouted(status int, errs []*errors.ValidationError) bool {
	refused := status == http.StatusNotFound || status == http.StatusMethodNotAllowed
	return refused && len(errs) == 1 && (errs[0].IsPathMissingError() || errs[0].IsOperationMissingError())
}
