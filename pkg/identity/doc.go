// Package identity owns who a caller is: accounts and their passwords, sign-in
// and sessions, API tokens, and what a person is told (notifications).
//
// What a caller may do is not decided here but by access.Gate; a session and a
// token yield an access.Actor and nothing more, so a token can never do what its
// owner may not. Secrets are shown once and stored as digests: passwords as
// argon2id with their parameters, session secrets as SHA-256 (they are 256 random
// bits), token secrets as HMAC under a pepper that is not in the database.
//
// The life of a session: SignIn → used, moving its idle end → idle for 30 minutes,
// 12 hours old, or signed out. A refused sign-in says neither whether the account
// exists nor whether it has a password, in words or in time.
//
// Begin with identity.go (the service and its port), then signin.go and token.go.
package identity
