// Package rbac holds the specs of who may do what. A matrix is made from the
// description that the product serves: every operation, asked by everybody, about
// what is theirs and what is not. What must be answered is computed from the
// table of roles in roles_test.go, which is written from the contract and knows
// nothing of the product's own policy. A second, short table written by hand
// (golden_test.go) keeps a wrong declaration from hiding.
//
// Begin with expect in expect_test.go.
package rbac
