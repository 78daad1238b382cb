// Package graphsim is a simulated Microsoft Graph with its login service: the
// Intune, Conditional Access and directory routes a configuration product
// needs, served over https from folders of exports, with throttling, paging,
// read-after-write delay and faults that can be switched on at run time.
//
// It owns the behaviour of the simulated service and its own append-only
// journal, which tests read as the record of what really happened. It knows
// nothing of the product: only the standard library is imported.
//
// One data table describes every collection (table.go and the table_*.go
// files); reading (read.go), writing (write.go, assign.go, child.go) and the
// checks that do not fit into columns (rules_*.go) are driven by it. A request
// travels: server.go → token.go or control.go or call.go → faults.go →
// throttle.go → route.go → read.go or write.go → journal.go.
//
// Begin with New in server.go, then the type collection in table.go. Folders
// are read by load.go; what a folder may look like is described there.
package graphsim
