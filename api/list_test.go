package api_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/api"
	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

var _ = Describe("A cursor of the edge's own", func() {
	type position struct{ After int }

	It("comes back only as it was sealed, for its own list and key", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			cursors := api.NewCursors([]byte("one"))
			want := position{rapid.Int().Draw(t, "after")}
			sealed, err := cursors.Seal("list", want)
			if err != nil {
				t.Fatal(err)
			}
			var got position
			if ok, err := cursors.Open("list", *sealed, &got); err != nil || !ok || got != want {
				t.Fatalf("%v %v %v", ok, err, got)
			}
			refused := []string{*sealed + "A", (*sealed)[1:], "A" + *sealed, ".", "x"}
			at := rapid.IntRange(0, len(*sealed)-1).Draw(t, "at")
			refused = append(refused, (*sealed)[:at]+"!"+(*sealed)[at+1:])
			for _, forged := range refused {
				if _, err := cursors.Open("list", forged, &got); !fault.HasCode(err, "invalid_input") {
					t.Fatalf("%q was accepted", forged)
				}
			}
			if _, err := cursors.Open("other", *sealed, &got); err == nil {
				t.Fatal("accepted by another list")
			}
			if _, err := api.NewCursors([]byte("two")).Open("list", *sealed, &got); err == nil {
				t.Fatal("accepted under another key")
			}
		})
	})

	It("is absent on the first page", func() {
		var got position
		ok, err := api.NewCursors(nil).Open("list", "", &got)
		Expect(err).NotTo(HaveOccurred())
		Expect(ok).To(BeFalse())
	})
})
