package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// Body is what a spec sends: text as it is, nil as nothing, anything else as JSON.
func Body(v any) io.Reader {
	GinkgoHelper()
	switch b := v.(type) {
	case nil:
		return http.NoBody
	case string:
		return strings.NewReader(b)
	}
	text, err := json.Marshal(v)
	Expect(err).NotTo(HaveOccurred())
	return bytes.NewReader(text)
}

// Check fails the spec when an answer below the base path is not what the
// description promises: its status, media type and body.
func Check(r *http.Request, status int, header http.Header, body []byte) {
	GinkgoHelper()
	if told := Breach(r, status, header, body); told != "" {
		Fail(fmt.Sprintf("%s %s answered %d outside its description:\n%s%s", r.Method, r.URL.Path, status, told, body))
	}
}

// Breach says in which way an answer is not what the description promises, and
// nothing when it is. Answers to HEAD, from elsewhere than the API and the
// router's own refusals are not described.
func Breach(r *http.Request, status int, header http.Header, body []byte) string {
	GinkgoHelper()
	if r.Method == http.MethodHead || !strings.HasPrefix(r.URL.Path, api.BasePath) {
		return ""
	}
	ok, errs := description().ValidateHttpResponse(r, &http.Response{
		StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader(body)), Request: r,
	})
	if ok || unrouted(status, errs) {
		return ""
	}
	var told strings.Builder
	for _, e := range errs {
		told.WriteString(e.Message + ": " + e.Reason + "\n")
		for _, s := range e.SchemaValidationErrors {
			told.WriteString("  " + s.KeywordLocation + ": " + s.Reason + "\n")
		}
	}
	return told.String()
}

// description is read once.
var description = sync.OnceValue(func() validator.Validator {
	GinkgoHelper()
	text, err := api.New(api.Deps{}).Document()
	Expect(err).NotTo(HaveOccurred())
	doc, err := libopenapi.NewDocument(text)
	Expect(err).NotTo(HaveOccurred())
	v, errs := validator.NewValidator(doc)
	Expect(errs).To(BeEmpty())
	return v
})

// unrouted reports the router's own refusals, which no description speaks of.
func unrouted(status int, errs []*errors.ValidationError) bool {
	refused := status == http.StatusNotFound || status == http.StatusMethodNotAllowed
	return refused && len(errs) == 1 && (errs[0].IsPathMissingError() || errs[0].IsOperationMissingError())
}
