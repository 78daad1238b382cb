// Package world is the cast of the specs: a workspace with people of every role,
// a source and a target tenant in which every bucket of a preflight occurs, and a
// twin workspace that looks the same and must never be found.
//
// The tenants' content is written for the specs and lies in tenants/source and
// tenants/target; the twin's tenants are other directories with the same content.
//
// Begin with Start. What a spec changes is changed in its own product only.
package world
