package graphsim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// appendFile is an append-only file of JSON lines. A torn last line, left by a
// killed process, is cut off on opening. The zero value keeps nothing.
type appendFile struct {
	mu   sync.Mutex
	file *os.File
}

func openAppend(path string, each func(line []byte) error) (*appendFile, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	whole, err := readLines(file, each)
	if err == nil {
		err = file.Truncate(whole)
	}
	if err == nil {
		_, err = file.Seek(whole, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read %s: %w", path, err), file.Close())
	}
	return &appendFile{file: file}, nil
}

// readLines hands over whole lines and returns how many bytes they take.
func readLines(r io.Reader, each func([]byte) error) (int64, error) {
	in := bufio.NewReader(r)
	var whole int64
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil
		}
		if err != nil {
			return whole, err
		}
		if err := each(bytes.TrimSpace(line)); err != nil {
			return whole, err
		}
		whole += int64(len(line))
	}
}

func (a *appendFile) append(v any) error {
	if a == nil {
		return nil
	}
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	_, err = a.file.Write(append(line, '\n'))
	return err
}

func (a *appendFile) close() error {
	if a == nil {
		return nil
	}
	return a.file.Close()
}

// opLog keeps a tenant's writes: the folder of exports is the start, the log
// is what happened since.
type opLog struct{ file *appendFile }

type logLine struct {
	Collection string `json:"collection"`
	ID         string `json:"id"`
	Object     Object `json:"object"`
}

func (l *opLog) append(folder, id string, o Object) error {
	if l == nil {
		return nil
	}
	return l.file.append(logLine{folder, id, o})
}

// openLog replays a tenant's writes; learn hears of every object in them.
func (t *tenant) openLog(dir string, learn func(folder string, o Object)) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := openAppend(dataFile(dir, "tenant-"+t.directory+".ndjson"), func(line []byte) error {
		var l logLine
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.UseNumber()
		if err := dec.Decode(&l); err != nil {
			return err
		}
		t.place(l.Collection, l.ID, l.Object)
		learn(l.Collection, l.Object)
		t.counter++
		return nil
	})
	if err != nil {
		return err
	}
	t.writes = &opLog{file}
	return nil
}

func (t *tenant) closeLog() error {
	if t.writes == nil {
		return nil
	}
	return t.writes.file.close()
}
