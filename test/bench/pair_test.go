package bench

import (
	"context"
	"testing"
	"time"
)

// pair runs a floor and the product in turn and reports both and their ratio.
func pair(b *testing.B, floor, product func(context.Context) error) {
	b.Helper()
	ctx := b.Context()
	for _, warm := range []func(context.Context) error{floor, product} {
		if err := warm(ctx); err != nil {
			b.Fatal(err)
		}
	}
	var low, high time.Duration
	for b.Loop() {
		low += timed(ctx, b, floor)
		high += timed(ctx, b, product)
	}
	n := float64(b.N)
	b.ReportMetric(float64(low.Microseconds())/n/1000, "floor-ms")
	b.ReportMetric(float64(high.Microseconds())/n/1000, "product-ms")
	b.ReportMetric(float64(high)/float64(low), "×floor")
}

func timed(ctx context.Context, b *testing.B, f func(context.Context) error) time.Duration {
	b.Helper()
	start := time.Now()
	if err := f(ctx); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}
