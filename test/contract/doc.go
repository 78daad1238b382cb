// Package contract holds the specs of the description that the product serves:
// that it says everything and with examples, that names and codes are those that
// were promised, and that reading tenants never asks them to change anything.
//
// promised_test.go is the promise, written by hand from the contract.
package contract
