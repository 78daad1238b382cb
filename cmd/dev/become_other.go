//go:build !unix

package main

import "context"

// become runs another program to its end; the console passes it every signal.
func become(ctx context.Context, path string, args []string) error {
	return program{args: append([]string{path}, args...), stream: true}.run(context.WithoutCancel(ctx))
}
