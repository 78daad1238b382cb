package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"
)

// tailSize is how much of a server's output is kept for error messages.
const tailSize = 16 << 10

// process is a supervised child. Its done channel closes once it was reaped.
type process struct {
	name string
	cmd  *exec.Cmd
	tail *outputTail
	done chan struct{}

	mu  sync.Mutex
	err error
}

// startProcess starts cmd so that it cannot outlive this process where the
// operating system offers that.
//
// On Linux the parent-death signal follows the thread that forked, not the
// process: a goroutine locked to its thread starts the child and stays with it
// until it was reaped, else the runtime could retire the thread and take the
// server down with it.
func startProcess(name string, cmd *exec.Cmd, logger *slog.Logger) (*process, error) {
	p := &process{name: name, cmd: cmd, tail: &outputTail{logger: logger, server: name}, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.tail, p.tail
	cmd.WaitDelay = 5 * time.Second
	bindToParent(cmd)
	standApart(cmd)

	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		err = cmd.Wait()
		p.mu.Lock()
		p.err = err
		p.mu.Unlock()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

// pid is the operating system's number of the child.
func (p *process) pid() int { return p.cmd.Process.Pid }

// exitErr tells how the child ended; nil while it runs and after a clean end.
func (p *process) exitErr() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// stop asks the child to end and waits. When ctx ends first, the child is
// killed and the context's error returned.
func (p *process) stop(ctx context.Context) error {
	select {
	case <-p.done:
		return nil
	default:
	}
	if err := interrupt(p.cmd.Process); err != nil {
		select {
		case <-p.done:
			return nil
		default:
			return fmt.Errorf("signal %s: %w", p.name, err)
		}
	}
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		killErr := p.cmd.Process.Kill()
		<-p.done
		return errors.Join(fmt.Errorf("stop %s: %w", p.name, ctx.Err()), killErr)
	}
}

// waitUntil polls check every 10 ms until it is true, the child ends or ctx
// does. The error names what the server itself said last.
func (p *process) waitUntil(ctx context.Context, check func(context.Context) bool) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return p.failure(p.exitErr())
		case <-ctx.Done():
			return p.failure(ctx.Err())
		case <-tick.C:
			if check(ctx) {
				return nil
			}
		}
	}
}

// failure turns the server's own last words into one sentence with a way out.
func (p *process) failure(cause error) error {
	if cause == nil {
		cause = errors.New("it ended by itself")
	}
	return explain(p.name, p.tail.String(), cause)
}

// ErrPortTaken is wrapped by start errors when another program listens on the
// wanted port.
var ErrPortTaken = errors.New("the port is in use")

// ErrDiskFull is wrapped by start errors when no space is left for the data.
var ErrDiskFull = errors.New("the disk is full")

// explain recognises the few failures that a person can mend at once.
func explain(name, output string, cause error) error {
	switch lower := strings.ToLower(output); {
	case strings.Contains(lower, "no space left on device"):
		return fmt.Errorf("%s cannot write its data: %w; free some space or choose another data directory", name, ErrDiskFull)
	case strings.Contains(lower, "address already in use"):
		return fmt.Errorf("%s cannot listen: %w; choose another port or stop the other program", name, ErrPortTaken)
	}
	if last := lastLines(output, 3); last != "" {
		return fmt.Errorf("%s did not start: %w; it said: %s", name, cause, last)
	}
	return fmt.Errorf("%s did not start: %w", name, cause)
}

func lastLines(text string, count int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(strings.Join(lines[max(0, len(lines)-count):], " / "))
}

// outputTail keeps the end of a server's output and passes complete lines to
// the log at debug level.
type outputTail struct {
	logger *slog.Logger
	server string

	mu      sync.Mutex
	kept    []byte
	partial []byte
}

var _ io.Writer = (*outputTail)(nil)

// Write never fails: a server must not stall because of its log.
func (t *outputTail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, data...)
	if extra := len(t.kept) - tailSize; extra > 0 {
		t.kept = append([]byte(nil), t.kept[extra:]...)
	}
	t.partial = append(t.partial, data...)
	for {
		line, rest, found := bytes.Cut(t.partial, []byte("\n"))
		if !found {
			break
		}
		t.logger.Debug("server output", "server", t.server, "line", string(line))
		t.partial = rest
	}
	if len(t.partial) > tailSize {
		t.partial = nil
	}
	return len(data), nil
}

// String returns what was kept.
func (t *outputTail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}
