// Package lifecycle turns a state machine into a table: which state may follow
// which, and nothing else. It has no hooks and does no I/O; the store asks the
// table before it writes, and the documentation page is printed from it.
package lifecycle

import (
	"fmt"
	"slices"
	"strings"
)

// Table lists, for every state in order of life, the states that may follow it.
// A state without followers is terminal.
type Table[S ~string] []Row[S]

// Row is one state, a sentence on what it lets people do, and its followers.
type Row[S ~string] struct {
	State   S
	Meaning string
	Next    []S
}

// Allows reports whether a row may move from one state to another. Staying
// where one is is not a move.
func (t Table[S]) Allows(from, to S) bool {
	r := t.row(from)
	return r != nil && slices.Contains(r.Next, to)
}

// Terminal reports whether nothing can follow the state.
func (t Table[S]) Terminal(s S) bool {
	r := t.row(s)
	return r != nil && len(r.Next) == 0
}

// All returns every state in order of life.
func (t Table[S]) All() []S {
	all := make([]S, len(t))
	for i, r := range t {
		all[i] = r.State
	}
	return all
}

// Page prints the table as a Markdown page with a diagram.
func (t Table[S]) Page(title string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n| state | what it means | may become |\n|---|---|---|\n", title)
	for _, r := range t {
		next := make([]string, len(r.Next))
		for i, n := range r.Next {
			next[i] = "`" + string(n) + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.State, r.Meaning, strings.Join(next, ", "))
	}
	b.WriteString("\n```mermaid\nstateDiagram-v2\n")
	for _, r := range t {
		for _, n := range r.Next {
			fmt.Fprintf(&b, "    %s --> %s\n", r.State, n)
		}
	}
	b.WriteString("```\n")
	return b.String()
}

func (t Table[S]) row(s S) *Row[S] {
	for i := range t {
		if t[i].State == s {
			return &t[i]
		}
	}
	return nil
}
