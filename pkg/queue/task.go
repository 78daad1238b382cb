package queue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"

	"github.com/hibiken/asynq"

	"github.com/tenantatlas/tenantatlas/pkg/operation"
)

// queueName and taskType are how Redis names what we put into it.
const (
	queueName = "operations"
	taskType  = "operation.run"
)

// payload is all that a task carries. Redis is not trusted: everything else is
// read from the run's row.
type payload struct {
	RunID       string `json:"run_id"`
	DispatchSeq int64  `json:"dispatch_seq"`
}

// newTask makes the task of a bell. Its id makes a second enqueueing of the same
// bell a conflict; the next bell has another number, because a finished or
// archived task may keep its id.
func newTask(b operation.Bell) (*asynq.Task, error) {
	body, err := json.Marshal(payload{string(b.RunID), b.Seq})
	if err != nil {
		return nil, fmt.Errorf("write a task: %w", err)
	}
	return asynq.NewTask(taskType, body,
		asynq.TaskID(fmt.Sprintf("run:%s:%d", b.RunID, b.Seq)), asynq.Queue(queueName),
		asynq.MaxRetry(0), asynq.Retention(0), asynq.Timeout(operation.Deadline)), nil
}

var runID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// bellOf reads a task; anything but our own shape is refused.
func bellOf(t *asynq.Task) (operation.Bell, error) {
	d := json.NewDecoder(bytes.NewReader(t.Payload()))
	d.DisallowUnknownFields()
	var p payload
	if err := d.Decode(&p); err != nil || d.More() {
		return operation.Bell{}, fmt.Errorf("the task is not one of ours")
	}
	if t.Type() != taskType || !runID.MatchString(p.RunID) || p.DispatchSeq < 1 {
		return operation.Bell{}, fmt.Errorf("the task names no run")
	}
	return operation.Bell{RunID: operation.RunID(p.RunID), Seq: p.DispatchSeq}, nil
}
