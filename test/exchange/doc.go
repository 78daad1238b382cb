// Package exchange is one request and its answer as specs see them: the body
// they send, and the answer held against the description of the API.
//
// It knows no server: the specs of the edge call the handler, those of the whole
// product talk to its port. Begin with Check.
package exchange
