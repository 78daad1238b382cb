package api

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/tenantatlas/tenantatlas/pkg/fault"
)

// packable are the endings of files that shrink, and worthwhile is the size in
// bytes from which packing them pays.
var packable = []string{".js", ".css", ".html", ".svg", ".json", ".map"}

const worthwhile = 1 << 10

// staticFiles are files that never change while the program runs, with the
// gzip form of those that were asked for.
type staticFiles struct {
	fs.FS
	packed sync.Map // name → []byte
}

// serve answers with a file, packed when the client can unpack it.
func (f *staticFiles) serve(c echo.Context, name string) error {
	content, err := fs.ReadFile(f, name)
	if err != nil {
		return fault.Missing().Because(err)
	}
	w, r := c.Response(), c.Request()
	if len(content) >= worthwhile && slices.Contains(packable, path.Ext(name)) {
		w.Header().Add("Vary", "Accept-Encoding")
		if takesGzip(r) {
			if content, err = f.pack(name, content); err != nil {
				return err
			}
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		}
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	return nil
}

func takesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.ReplaceAll(weight, " ", "") != "q=0"
		}
	}
	return false
}

func (f *staticFiles) pack(name string, content []byte) ([]byte, error) {
	if have, ok := f.packed.Load(name); ok {
		return have.([]byte), nil //nolint:forcetypeassert // only this method stores
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	if _, err := z.Write(content); err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack %s: %w", name, err)
	}
	f.packed.Store(name, b.Bytes())
	return b.Bytes(), nil
}
