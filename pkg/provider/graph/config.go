package graph

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"time"
)

// Clock tells the time and waits. Tests pass one that does not wait.
type Clock interface {
	Now() time.Time
	// Wait returns after d, or with the context's error when that ends first.
	Wait(ctx context.Context, d time.Duration) error
}

// Config says how to reach Microsoft Graph. The zero value is the public
// service with the documented limits.
type Config struct {
	// GraphURL and LoginURL replace the hosts of every cloud when both are set,
	// e.g. https://127.0.0.1:8443. They must be https.
	GraphURL string
	LoginURL string
	// ExtraCAs is the pool of roots to trust; build it from
	// x509.SystemCertPool and add to it. Nil trusts the system's roots.
	ExtraCAs *x509.CertPool
	// Clock is the system's when nil.
	Clock Clock
	// Logger receives ids, codes and durations; nil discards.
	Logger   *slog.Logger
	Limits   Limits
	Timeouts Timeouts

	MaxResponseBytes int64 // of one answer, unpacked; 32 MiB when zero
	MaxPages         int   // of one listing; 10,000 when zero
	MaxObjects       int   // of one listing; 200,000 when zero
	MaxDepth         int   // nesting of one answer; 64 when zero
	RunBytes         int64 // all answers of one reader; 1 GiB when zero
}

// Limits are the request budgets of one client in one directory, in requests
// per second. Zero values are 80 % of what Microsoft documents.
type Limits struct {
	Off             bool    // no pacing at all; 429 is honoured anyway
	IntuneReads     float64 // 40
	IntuneWrites    float64 // 4
	Access          float64 // 0.8, Conditional Access and named locations, reads and writes
	DirectoryReads  float64 // 100
	DirectoryWrites float64 // 16
}

// Timeouts bound single requests.
type Timeouts struct {
	Read  time.Duration // one read, including its body; 60 s when zero
	Write time.Duration // one mutating request; 30 s when zero
	Token time.Duration // one token request; 30 s when zero
	// Throttle bounds the time one read may spend waiting for limits; 30 min
	// when zero.
	Throttle time.Duration
}

func (c Config) withDefaults() Config {
	if c.Clock == nil {
		c.Clock = systemClock{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	orElse(&c.MaxResponseBytes, 32<<20)
	orElse(&c.MaxPages, 10_000)
	orElse(&c.MaxObjects, 200_000)
	orElse(&c.MaxDepth, 64)
	orElse(&c.RunBytes, 1<<30)
	orElse(&c.Timeouts.Read, time.Minute)
	orElse(&c.Timeouts.Write, 30*time.Second)
	orElse(&c.Timeouts.Token, 30*time.Second)
	orElse(&c.Timeouts.Throttle, 30*time.Minute)
	orElse(&c.Limits.IntuneReads, 40)
	orElse(&c.Limits.IntuneWrites, 4)
	orElse(&c.Limits.Access, 0.8)
	orElse(&c.Limits.DirectoryReads, 100)
	orElse(&c.Limits.DirectoryWrites, 16)
	return c
}

func orElse[T comparable](value *T, fallback T) {
	var zero T
	if *value == zero {
		*value = fallback
	}
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait: %w", ctx.Err())
	}
}
