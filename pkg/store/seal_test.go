package store_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
	"github.com/tenantatlas/tenantatlas/pkg/store"
)

func derived(k *store.Keys, purpose string) []byte {
	GinkgoHelper()
	key, err := k.Derive(purpose)
	Expect(err).NotTo(HaveOccurred())
	Expect(key).To(HaveLen(32))
	return key
}

var _ = Describe("The master key file", func() {
	It("is made once, for its owner only, and stays", func() {
		path := filepath.Join(GinkgoT().TempDir(), "master.key")
		all, wg := make([]*store.Keys, 8), sync.WaitGroup{}
		for i := range all {
			wg.Go(func() {
				defer GinkgoRecover()
				k, err := store.LoadKeys(path)
				Expect(err).NotTo(HaveOccurred())
				all[i] = k
			})
		}
		wg.Wait()
		for _, k := range all {
			Expect(derived(k, "cursor")).To(Equal(derived(all[0], "cursor")))
		}
		if runtime.GOOS != "windows" {
			info, err := os.Stat(path)
			Expect(err).NotTo(HaveOccurred())
			Expect(info.Mode().Perm()).To(Equal(os.FileMode(0o600)))
		}
		left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".master-key-*"))
		Expect(err).NotTo(HaveOccurred())
		Expect(left).To(BeEmpty())
	})

	It("derives another key for every purpose and every master key", func() {
		a, err := store.EphemeralKeys()
		Expect(err).NotTo(HaveOccurred())
		b, err := store.EphemeralKeys()
		Expect(err).NotTo(HaveOccurred())
		Expect(derived(a, "cursor")).NotTo(Equal(derived(a, "token")))
		Expect(derived(a, "cursor")).NotTo(Equal(derived(b, "cursor")))
	})

	It("is refused when others can read it", func() {
		if runtime.GOOS == "windows" {
			Skip("files have no mode bits here")
		}
		path := filepath.Join(GinkgoT().TempDir(), "master.key")
		_, err := store.LoadKeys(path)
		Expect(err).NotTo(HaveOccurred())
		Expect(os.Chmod(path, 0o644)).To(Succeed())
		_, err = store.LoadKeys(path)
		Expect(err).To(MatchError(ContainSubstring("0600")))
	})

	It("is refused when it is damaged, and not replaced", func() {
		path := filepath.Join(GinkgoT().TempDir(), "master.key")
		Expect(os.WriteFile(path, []byte("{}"), 0o600)).To(Succeed())
		_, err := store.LoadKeys(path)
		Expect(err).To(MatchError(ContainSubstring("cannot be read as one")))
		Expect(os.ReadFile(path)).To(Equal([]byte("{}")))
	})
})

var _ = Describe("A cursor", func() {
	type position struct {
		At int64  `json:"a"`
		ID string `json:"i"`
	}
	newCodec := func() store.Codec {
		GinkgoHelper()
		k, err := store.EphemeralKeys()
		Expect(err).NotTo(HaveOccurred())
		c, err := store.NewCodec(k)
		Expect(err).NotTo(HaveOccurred())
		return c
	}

	It("comes back as it was, for its own list and under its own key only", func() {
		c, other := newCodec(), newCodec()
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			want := position{rapid.Int64().Draw(t, "at"), rapid.StringMatching(`[a-z0-9-]{0,36}`).Draw(t, "id")}
			text := c.EncodeCursor("list", want)
			var have position
			if err := c.DecodeCursor("list", text, &have); err != nil || have != want {
				t.Fatal(err, have)
			}
			if err := c.DecodeCursor("another", text, &have); !fault.HasCode(err, fault.CodeInvalidInput) {
				t.Fatal("another list takes it")
			}
			if err := other.DecodeCursor("list", text, &have); !fault.HasCode(err, fault.CodeInvalidInput) {
				t.Fatal("another key takes it")
			}
		})
	})

	It("is refused after any change", func() {
		c := newCodec()
		text := c.EncodeCursor("list", position{1, "x"})
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			b := []byte(text)
			at := rapid.IntRange(0, len(b)-1).Draw(t, "at")
			was := b[at]
			b[at] = rapid.Byte().Filter(func(x byte) bool { return x != was }).Draw(t, "to")
			var out position
			if err := c.DecodeCursor("list", string(b), &out); !fault.HasCode(err, fault.CodeInvalidInput) {
				t.Fatalf("%q passes", b)
			}
		})
		var out position
		for _, bad := range []string{"", "AAAA", text + "A", text[:10], "not base64!"} {
			Expect(c.DecodeCursor("list", bad, &out)).To(haveCode(fault.CodeInvalidInput))
		}
	})
})

var _ = Describe("Opening the store", func() {
	It("needs the master key, an address that parses, and a database that answers", func(ctx context.Context) {
		keys, err := store.EphemeralKeys()
		Expect(err).NotTo(HaveOccurred())
		_, err = store.Open(ctx, store.Config{URL: "postgres://localhost/x"})
		Expect(err).To(MatchError(ContainSubstring("master key")))
		_, err = store.Open(ctx, store.Config{URL: "postgres://user:hunter2@host:port/x", Keys: keys})
		Expect(err).To(MatchError(ContainSubstring("cannot be parsed")))
		Expect(err.Error()).NotTo(ContainSubstring("hunter2"))
		_, err = store.Open(ctx, store.Config{URL: "postgres://user:hunter2@127.0.0.1:1/x?connect_timeout=2", Keys: keys})
		Expect(err).To(MatchError(ContainSubstring("reach the database")))
		Expect(err.Error()).NotTo(ContainSubstring("hunter2"))
	})
})
