package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// patience is how long a step may work before it says that it does.
const patience = 3 * time.Second

var output sync.Mutex

// say prints one line; steps that run at the same time do not mix theirs.
func say(format string, args ...any) {
	output.Lock()
	defer output.Unlock()
	fmt.Printf("dev: "+format+"\n", args...)
}

// step does one thing and says how long it took.
func step(what string, do func() error) error {
	begin := time.Now()
	notice := time.AfterFunc(patience, func() { say("%s …", what) })
	err := do()
	notice.Stop()
	took := time.Since(begin).Round(10 * time.Millisecond)
	if err != nil {
		say("%s: failed after %s", what, took)
		return err
	}
	say("%s: %s", what, took)
	return nil
}

// program is a subprocess to run from the repository's top folder.
type program struct {
	args []string
	dir  string
	env  []string
	// stream shows the output while it runs; else it is shown on failure only.
	stream bool
	// help completes the sentence when the program itself is missing.
	help string
}

func (p program) command(ctx context.Context) (*exec.Cmd, error) {
	path, err := exec.LookPath(p.args[0])
	if err != nil {
		return nil, fmt.Errorf("%s is not installed%s", p.args[0], p.help)
	}
	cmd := exec.CommandContext(ctx, path, p.args[1:]...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	return cmd, nil
}

// run executes the program; its error is one sentence, after the program's own
// output.
func (p program) run(ctx context.Context) error {
	cmd, err := p.command(ctx)
	if err != nil {
		return err
	}
	var kept bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.Writer(&kept), io.Writer(&kept)
	if p.stream {
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	}
	if err := cmd.Run(); err != nil {
		output.Lock()
		defer output.Unlock()
		if _, writeErr := io.Copy(os.Stdout, &kept); writeErr != nil {
			return fmt.Errorf("show the output of %s: %w", p.args[0], writeErr)
		}
		return p.failed(err)
	}
	return nil
}

// text executes the program and returns what it printed on standard output.
func (p program) text(ctx context.Context) (string, error) {
	cmd, err := p.command(ctx)
	if err != nil {
		return "", err
	}
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%w: %s", p.failed(err), strings.TrimSpace(complaint.String()))
	}
	return string(out), nil
}

func (p program) failed(err error) error {
	shown := p.args
	if len(shown) > 5 {
		shown = append(shown[:5:5], "…")
	}
	return fmt.Errorf("'%s' failed: %w", strings.Join(shown, " "), err)
}
