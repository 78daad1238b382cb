// Package graph is the adapter behind pkg/provider: Microsoft Graph, always in
// its beta version because Intune's assignment filters exist nowhere else.
//
// It owns tokens, the thin HTTP client (hosts, limits, budgets, retries), the
// wire table that says how each policy type is listed, made complete and
// written, and the reading of Graph's errors. It does not own what a difference
// is, which ids belong to which tenant, or when a write may be repeated: an
// ambiguous write is returned as such and the seam decides.
//
// A call travels: reader.go or writer.go → client.go (token, budget, retry) →
// transport.go (hosts, no redirects, the reader's guard against writes) →
// body.go (size and depth) → fault.go when the answer is no success.
//
// Begin with New in provider.go, then wire.go: one row per policy type.
// Recipes for writing are in steps.go and recipe.go; they are pure.
package graph
