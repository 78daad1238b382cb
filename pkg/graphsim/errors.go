package graphsim

import (
	"encoding/json"
	"net/http"
	"time"
)

// failure is an answer other than success.
type failure struct {
	status  int
	code    string
	message string
	// inner is the useful text of Conditional Access errors ("1040: …").
	inner string
	// retryAfter is the header's value; "" leaves it out.
	retryAfter string
	header     http.Header
}

func (f *failure) Error() string { return f.code + ": " + f.message }

func refuse(status int, code, message string) *failure {
	return &failure{status: status, code: code, message: message}
}

func badRequest(message string) *failure {
	return refuse(http.StatusBadRequest, "BadRequest", message)
}

func modelInvalid(message string) *failure {
	return refuse(http.StatusBadRequest, "ModelValidationFailure", message)
}

func notFound(what string) *failure {
	return refuse(http.StatusNotFound, "ResourceNotFound", "Resource '"+what+"' does not exist or one of its queried reference-property objects are not present.")
}

func noRoute(path string) *failure {
	return refuse(http.StatusBadRequest, "BadRequest", "No OData route exists that match template "+path+" with http verb.")
}

func conditionalAccess(number, text string) *failure {
	return &failure{
		status: http.StatusBadRequest, code: "BadRequest",
		message: "The policy could not be saved. See the inner error.", inner: number + ": " + text,
	}
}

// envelope is the error body. Intune wraps its message into a JSON text; other
// areas answer in clear.
func (f *failure) envelope(intune bool, requestID, clientRequestID string, now time.Time) Object {
	message := f.message
	if intune && f.status != http.StatusUnauthorized && f.status != http.StatusTooManyRequests {
		message = intuneMessage(f, requestID, clientRequestID)
	}
	inner := Object{
		"date":              now.UTC().Format("2006-01-02T15:04:05"),
		"request-id":        requestID,
		"client-request-id": clientRequestID,
	}
	if f.inner != "" {
		inner["message"] = f.inner
	}
	return Object{"error": Object{"code": f.code, "message": message, "innerError": inner}}
}

func intuneMessage(f *failure, operation, activity string) string {
	text, err := json.Marshal(Object{
		"_version":             3,
		"Message":              f.message + " - Operation ID (for customer support): " + operation + " - Activity ID: " + activity,
		"CustomApiErrorPhrase": f.code,
		"RetryAfter":           nil,
		"ErrorSourceService":   "",
		"HttpHeaders":          "{}",
	})
	if err != nil {
		return f.message
	}
	return string(text)
}
