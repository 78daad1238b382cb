package api_test

import (
	"net/http"
	"net/http/httptest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/test/exchange"
)

var _ = Describe("The contract check of these specs", func() {
	It("notices an answer that the description does not promise", func() {
		r := httptest.NewRequest(http.MethodGet, api.BasePath+"/workspaces", nil)
		for status, body := range map[int]string{200: `{"items":[{"id":7}],"next_cursor":null}`, 418: `{}`} {
			json := http.Header{"Content-Type": {"application/json"}}
			Expect(exchange.Breach(r, status, json, []byte(body))).NotTo(BeEmpty(), "%d", status)
		}
	})
})
