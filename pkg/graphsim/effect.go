package graphsim

import (
	"bytes"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// effectKind is what happens to an answer on its way.
type effectKind int

const (
	plain effectKind = iota
	hang
	reset
	trickle
	cut
	swell
	nest
)

const (
	swellSize = 48 << 20
	nestDepth = 20_000
	// maxHang bounds a hanging answer when neither delay nor client ends it.
	maxHang = 15 * time.Minute
)

type effect struct {
	kind  effectKind
	delay time.Duration
}

// deliver writes the answer, or fails to, as the effect wants.
func (e effect) deliver(s *Server, w http.ResponseWriter, r *http.Request, status int, payload []byte) error {
	if e.kind == hang {
		return e.hang(s, w, r)
	}
	if e.kind == trickle {
		return e.trickle(s, w, r, status, payload)
	}
	if err := s.wait(r, e.delay); err != nil {
		return err
	}
	switch e.kind {
	case reset:
		return dropConnection(w)
	case cut:
		return cutBody(w, status, payload)
	case swell:
		return write(w, status, withProperty(payload, `"simulatedPadding":"`+strings.Repeat("x", swellSize)+`"`))
	case nest:
		return write(w, status, withProperty(payload, `"simulatedNesting":`+strings.Repeat(`{"n":`, nestDepth)+"1"+strings.Repeat("}", nestDepth)))
	default:
		return write(w, status, payload)
	}
}

func write(w http.ResponseWriter, status int, payload []byte) error {
	if len(payload) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(payload)))
	}
	w.WriteHeader(status)
	_, err := w.Write(payload)
	return err
}

// hang says nothing until the client leaves, the delay has passed or the
// server closes; then the connection is dropped.
func (e effect) hang(s *Server, w http.ResponseWriter, r *http.Request) error {
	limit := e.delay
	if limit <= 0 {
		limit = maxHang
	}
	err := s.wait(r, limit)
	if dropped := dropConnection(w); err == nil {
		err = dropped
	}
	return err
}

// dropConnection resets the TCP connection, so that the client sees an error
// and no answer.
func dropConnection(w http.ResponseWriter) error {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	inner := conn
	if t, ok := conn.(interface{ NetConn() net.Conn }); ok {
		inner = t.NetConn()
	}
	if tcp, ok := inner.(*net.TCPConn); ok {
		if err := tcp.SetLinger(0); err != nil {
			return err
		}
	}
	return inner.Close()
}

func cutBody(w http.ResponseWriter, status int, payload []byte) error {
	w.Header().Set("Content-Length", strconv.Itoa(len(payload)))
	w.WriteHeader(status)
	if _, err := w.Write(payload[:len(payload)/2]); err != nil {
		return err
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		return err
	}
	panic(http.ErrAbortHandler)
}

func (e effect) trickle(s *Server, w http.ResponseWriter, r *http.Request, status int, payload []byte) error {
	const parts = 20
	w.WriteHeader(status)
	flush := http.NewResponseController(w)
	size := len(payload)/parts + 1
	for n := range parts {
		if err := s.wait(r, e.delay/parts); err != nil {
			return err
		}
		from, to := min(n*size, len(payload)), min((n+1)*size, len(payload))
		if _, err := w.Write(payload[from:to]); err != nil {
			return err
		}
		if err := flush.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// withProperty adds a property to a JSON object.
func withProperty(payload []byte, property string) []byte {
	body := bytes.TrimSpace(payload)
	if len(body) < 2 || body[len(body)-1] != '}' {
		return []byte("{" + property + "}")
	}
	sep := ","
	if len(body) == 2 {
		sep = ""
	}
	out := make([]byte, 0, len(body)+len(property)+1)
	out = append(out, body[:len(body)-1]...)
	out = append(out, sep...)
	out = append(out, property...)
	return append(out, '}')
}
