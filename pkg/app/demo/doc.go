// Package demo holds the simulated tenants that "tenantatlas up" shows: one that
// all others are compared with, and five in the states an operator meets.
//
// Their content is written for this purpose and lies in layers of export
// folders: a tenant is the layer base with its own layer on top, in which a file
// replaces the one of the same name and a file that says null takes it away.
// Ids in the files are renumbered per directory by the simulator.
//
// Begin with Tenants. Layers serves the specs' own fixtures as well.
package demo
