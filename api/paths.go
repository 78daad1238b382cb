package api

import "github.com/tenantatlas/tenantatlas/pkg/tenancy"

// InWorkspace is the input of everything in a workspace; embed it. The wrapper
// has already admitted the caller to it.
type InWorkspace struct {
	WorkspaceID tenancy.WorkspaceID `path:"workspace_id" format:"uuid" doc:"Id of the workspace." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20"`
}

// InTenant is the input of everything in a tenant; embed it. The wrapper has
// already admitted the caller to it.
type InTenant struct {
	InWorkspace
	TenantID tenancy.TenantID `path:"tenant_id" format:"uuid" doc:"Id of the tenant." example:"0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22"`
}

// Tagged is the output of one resource with its revision.
type Tagged[T any] struct {
	ETag string `header:"ETag" doc:"The revision; send it as If-Match with a change." example:"\"7\""`
	Body T
}

// Paged is the output of a list.
type Paged[T any] struct {
	Body List[T]
}

// PageOf is the output for items and the room's cursor of the next page, which
// is empty on the last one.
func PageOf[S, T any](items []S, next string, view func(S) T) *Paged[T] {
	l := ListOf(items, view)
	l.NextCursor = OrNil(next)
	return &Paged[T]{l}
}

// None is the output of an operation that answers 204.
type None struct{}
