package api

import "net/http"

// What a start can come to. A refusal is a problem, not a result.
const (
	ResultQueued       = "queued"
	ResultDeduplicated = "deduplicated"
)

// StartResult is the answer to everything that starts work.
type StartResult struct {
	Result    string        `json:"result" enum:"queued,deduplicated" doc:"queued: a new operation was started; deduplicated: the same one was already active and is returned." example:"queued"`
	Message   string        `json:"message" doc:"One sentence to show." example:"The sync was queued."`
	Operation OperationView `json:"operation" doc:"The operation that does the work."`
}

// StartOutput is the output of an operation that starts work: 202 with Location
// when queued, 200 when deduplicated. Declare it with StartsWork.
type StartOutput struct {
	Status   int
	Location string `header:"Location" doc:"Address of the operation."`
	Body     StartResult
}

// Started makes the output for a start.
func Started(queued bool, message string, view OperationView) *StartOutput {
	out := &StartOutput{
		Status: http.StatusOK, Location: view.Links.Self,
		Body: StartResult{Result: ResultDeduplicated, Message: message, Operation: view},
	}
	if queued {
		out.Status, out.Body.Result = http.StatusAccepted, ResultQueued
	}
	return out
}

// StartsWork completes the declaration of an operation whose output is StartOutput.
func StartsWork(op Operation) Operation {
	op.Status, op.AlsoStatus = http.StatusAccepted, []int{http.StatusOK}
	op.Authz.Idempotent = true
	op.Codes = append([]string{"operation_blocked"}, op.Codes...)
	return op
}
