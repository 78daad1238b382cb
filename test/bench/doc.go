// Package bench measures the product against named floors. Every benchmark runs
// its floor in the same loop and reports the ratio, since only ratios hold on
// shared machines. Nothing here passes or fails by a figure.
//
//	go run ./cmd/dev bench
package bench
