//go:build faulthooks

package main

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// hook ends the process like kill -9 when it meets the instant named by
// TENANTATLAS_FAULT_AT=<instant>[:<n>] for the nth time (the first by default).
func hook() operation.Hook {
	instant, count, _ := strings.Cut(os.Getenv("TENANTATLAS_FAULT_AT"), ":")
	if instant == "" {
		return nil
	}
	nth, err := strconv.ParseInt(count, 10, 64)
	if err != nil {
		nth = 1
	}
	var met atomic.Int64
	return func(p operation.Point) {
		if string(p) == instant && met.Add(1) == nth {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Kill() // nothing can be done about a failure, and nothing is left afterwards
			}
			select {}
		}
	}
}
