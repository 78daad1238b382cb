package graphsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// The control API below /_sim/: journal, objects, faults, load report. It is
// neither journaled nor throttled.

func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	routes := map[string]func(*http.Request) (any, int, error){
		"GET /_sim/journal":     s.controlJournal,
		"GET /_sim/objects":     s.controlList,
		"POST /_sim/objects":    s.controlUpsert,
		"DELETE /_sim/objects":  s.controlDelete,
		"PUT /_sim/faults":      s.controlFaults,
		"GET /_sim/load-report": s.controlReport,
	}
	handle := routes[r.Method+" "+strings.TrimRight(r.URL.Path, "/")]
	if handle == nil {
		writeJSON(w, http.StatusNotFound, Object{"error": "no such control route"})
		return
	}
	body, status, err := handle(r)
	if err != nil {
		body = Object{"error": err.Error()}
	}
	writeJSON(w, status, body)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		status, data = http.StatusInternalServerError, []byte(`{"error":"not encodable"}`)
	}
	if status != http.StatusNoContent {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	if status != http.StatusNoContent {
		_, _ = w.Write(data) // the client has left; nothing to tell it
	}
}

func (s *Server) controlJournal(r *http.Request) (any, int, error) {
	after, err := strconv.ParseInt("0"+r.URL.Query().Get("after"), 10, 64)
	if err != nil {
		return nil, http.StatusBadRequest, fmt.Errorf("after: not a number")
	}
	items := s.Journal(after)
	next := after
	if len(items) > 0 {
		next = items[len(items)-1].Seq
	}
	return map[string]any{"items": items, "next": next}, ok, nil
}

func (s *Server) controlFaults(r *http.Request) (any, int, error) {
	var list []Fault
	dec := json.NewDecoder(io.LimitReader(r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&list); err != nil {
		return nil, http.StatusBadRequest, err
	}
	if err := s.SetFaults(list...); err != nil {
		return nil, http.StatusBadRequest, err
	}
	return list, ok, nil
}

func (s *Server) controlReport(*http.Request) (any, int, error) {
	return map[string]any{"items": s.LoadReports()}, ok, nil
}

func (s *Server) controlList(r *http.Request) (any, int, error) {
	q := r.URL.Query()
	items, err := s.Objects(q.Get("directory"), q.Get("collection"))
	if err != nil {
		return nil, http.StatusNotFound, err
	}
	if id := q.Get("id"); id != "" {
		kept := []Object{}
		for _, o := range items {
			if strings.EqualFold(str(o, "id"), id) {
				kept = append(kept, o)
			}
		}
		items = kept
	}
	return Object{"items": items}, ok, nil
}

func (s *Server) controlUpsert(r *http.Request) (any, int, error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, http.StatusBadRequest, err
	}
	o, err := decodeObject(data)
	if err != nil {
		return nil, http.StatusBadRequest, err
	}
	q := r.URL.Query()
	if id := q.Get("id"); id != "" {
		o["id"] = id
	}
	stored, isNew, err := s.upsert(q.Get("directory"), q.Get("collection"), o)
	switch {
	case errors.Is(err, errUnknown):
		return nil, http.StatusNotFound, err
	case err != nil:
		return nil, http.StatusBadRequest, err
	case isNew:
		return stored, created, nil
	}
	return stored, ok, nil
}

func (s *Server) controlDelete(r *http.Request) (any, int, error) {
	q := r.URL.Query()
	if err := s.DeleteObject(q.Get("directory"), q.Get("collection"), q.Get("id")); err != nil {
		return nil, http.StatusNotFound, err
	}
	return nil, noContent, nil
}
