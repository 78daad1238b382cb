package graphsim

import (
	"encoding/json"
	"os"
	"sync"
	"time"
)

// Entry is one request the server took part in: what was asked and what it
// decided, also when the answer was lost on purpose.
type Entry struct {
	Seq       int64     `json:"seq"`
	At        time.Time `json:"at"`
	Directory string    `json:"directory"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Status    int       `json:"status"`
	// ObjectID is the created or addressed object, "" for lists.
	ObjectID string `json:"object_id"`
}

// journal is append-only; items of a batch are entries of their own, before
// the entry of the batch.
type journal struct {
	mu      sync.Mutex
	entries []Entry
	file    *appendFile
}

func openJournal(dir string) (*journal, error) {
	j := &journal{}
	if dir == "" {
		return j, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := openAppend(dataFile(dir, "journal.ndjson"), func(line []byte) error {
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		j.entries = append(j.entries, e)
		return nil
	})
	j.file = file
	return j, err
}

func (j *journal) add(e Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.Seq = int64(len(j.entries)) + 1
	j.entries = append(j.entries, e)
	return j.file.append(e)
}

func (j *journal) after(seq int64) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	if seq < 0 {
		seq = 0
	}
	if seq >= int64(len(j.entries)) {
		return []Entry{}
	}
	return append([]Entry{}, j.entries[seq:]...)
}

func (j *journal) close() error { return j.file.close() }

// Journal returns the entries after seq; 0 returns all.
func (s *Server) Journal(after int64) []Entry { return s.journal.after(after) }
