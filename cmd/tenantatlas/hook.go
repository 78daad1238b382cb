//go:build !faulthooks

package main

import "github.com/tenantatlas/tenantatlas/pkg/operation"

// hook is nil in the product. Specs of recovery build another one.
func hook() operation.Hook { return nil }
