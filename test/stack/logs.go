package stack

import (
	"bytes"
	"log/slog"
	"sync"

	. "github.com/onsi/ginkgo/v2"

	"github.com/tenantatlas/tenantatlas/pkg/app"
)

// logs keeps what the product writes and passes it to the spec's output.
type logs struct {
	lock sync.Mutex
	kept bytes.Buffer
}

// Write implements io.Writer.
func (l *logs) Write(p []byte) (int, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.kept.Write(p)
	return GinkgoWriter.Write(p)
}

func (l *logs) text() string {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.kept.String()
}

// logger is production's, so that what may not be logged is not logged here.
func (s *Stack) logger(part string) *slog.Logger {
	return app.NewLogger(s.logs, slog.LevelDebug).With("part", part)
}
