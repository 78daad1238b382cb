package fault

// The codes every room may need. Codes that belong to one room stand there.
const (
	CodeUnauthenticated = "unauthenticated"
	CodeNotFound        = "not_found"
	CodeForbidden       = "forbidden"
	CodeInvalidInput    = "invalid_input"
	CodeConflict        = "conflict"
	CodePrecondition    = "precondition_failed"
	CodeUnavailable     = "unavailable"
	CodeInternal        = "internal"
)

// Missing is the one answer for "does not exist" and "not yours": it carries
// nothing that could tell the two apart.
func Missing() *Error {
	return New(NotFound, CodeNotFound, "There is nothing here, or you have no access to it.")
}

// Denied says which capability the caller lacks; only for callers in scope.
func Denied(capability string) *Error {
	return New(Forbidden, CodeForbidden, "This needs the capability "+capability+", which your role does not grant.")
}

// InvalidInput is a well-formed request that cannot be meant.
func InvalidInput(message string) *Error { return New(Invalid, CodeInvalidInput, message) }

// Stale says that the caller's revision is not the current one.
func Stale() *Error {
	return New(PreconditionFailed, CodePrecondition, "This has changed since you read it. Read it again and repeat what you meant.")
}

// Away says that a part the product needs does not answer; repeating is safe.
func Away(cause error) *Error {
	return New(Unavailable, CodeUnavailable, "A part of the service is not available. Try again shortly.").Because(cause)
}
