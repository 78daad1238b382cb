// Package audit owns the catalogue of what is recorded about people's and the
// system's acts, the shape of a record, and what may be recorded.
//
// Events are appended in the transaction of what they record and are never
// changed or deleted: the application's database role cannot. An event holds
// ids, codes, counts and digests; never secrets, payloads or policy content. It
// outlives what it speaks of, so it carries names and ids, not references.
//
// A room that changes something asks for a Recorder and records inside its
// transaction. Reading is the store's: AuditEvents and ExportAudit take the
// caller's scope and a Filter. Begin with catalogue.go.
package audit
