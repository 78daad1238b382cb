package operation

import "errors"

// ErrLeaseLost says that another worker holds the run, or that too little of
// the lease is left for the next step: stop at once and write nothing.
var ErrLeaseLost = errors.New("operation: the lease is not ours")
