package recovery_test

import (
	"context"
	"io"
	"net"
	"strconv"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// line is the way to a server on this machine, which can be cut: whoever is
// connected is thrown out and nobody gets through.
type line struct {
	server, address string
	lock            sync.Mutex
	listener        net.Listener
	open            map[net.Conn]bool
}

func newLine(ctx context.Context, port int) *line {
	GinkgoHelper()
	l := &line{server: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), address: "127.0.0.1:0", open: map[net.Conn]bool{}}
	l.mend(ctx)
	DeferCleanup(l.cut)
	return l
}

// mend listens again at the same address.
func (l *line) mend(ctx context.Context) {
	GinkgoHelper()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", l.address)
	Expect(err).NotTo(HaveOccurred())
	l.lock.Lock()
	defer l.lock.Unlock()
	l.listener, l.address = listener, listener.Addr().String()
	go l.serve(listener)
}

// cut ends every connection and takes no more.
func (l *line) cut() {
	l.lock.Lock()
	defer l.lock.Unlock()
	_ = l.listener.Close() // it may have been closed
	for c := range l.open {
		_ = c.Close() // its other end may have been first
	}
	clear(l.open)
}

func (l *line) serve(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", l.server) // cut ends it
		if err != nil {
			_ = client.Close() // the server is away: so is the line
			continue
		}
		l.lock.Lock()
		l.open[client], l.open[server] = true, true
		l.lock.Unlock()
		go l.pass(client, server)
		go l.pass(server, client)
	}
}

// pass copies until one end is gone, and then the other goes as well.
func (l *line) pass(to, from net.Conn) {
	_, _ = io.Copy(to, from) // the end of it is all there is to know
	_, _ = to.Close(), from.Close()
}
