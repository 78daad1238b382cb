// Package stack boots the real product for specs: pkg/app with production
// wiring on a real PostgreSQL, a queue server, and simulated tenants over https.
// Only the scale of time is another (TIMING=test) and no request is paced.
//
// Start gives a spec a product of its own – database, queue, simulator, ports –
// and takes it down again, so that specs run at random and in parallel. By
// default API and worker run inside the test process; Options.Separate runs them
// as programs of the operating system that a spec may kill. Whatever the product
// logs goes to the spec's output, which is shown when it fails.
//
// Every answer a Client gets is held against the description of the API; one
// that is not what was promised fails the spec.
//
// Begin with Start. It knows no tenants and no people: those are test/world.
package stack
