package inventory

import "github.com/tenantatlas/tenantatlas/pkg/provider"

// The reason codes of what could not be read.
const (
	ReasonConnectionFailed = "connection_failed"
	ReasonReadDenied       = "read_denied"
	ReasonReadFailed       = "read_failed"
	ReasonObjectUnreadable = "object_unreadable"
)

// Sentences of the reason codes, for Monitoring and the API description.
var Sentences = map[string]string{
	ReasonConnectionFailed: "The tenant could not be reached with its connection.",
	ReasonReadDenied:       "The tenant does not allow reading this.",
	ReasonReadFailed:       "Reading was interrupted before the end, so what was not seen is unknown.",
	ReasonObjectUnreadable: "At least one object could not be understood; the others were stored.",
}

// failureCode sorts a failed listing.
func failureCode(err error) (code, message string) {
	switch provider.ClassOf(err) {
	case provider.Denied:
		code = ReasonReadDenied
	case provider.NoToken:
		code = ReasonConnectionFailed
	default:
		code = ReasonReadFailed
	}
	return code, Sentences[code]
}
