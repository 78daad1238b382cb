package demo

import (
	"embed"
	"io/fs"

	"github.com/tenantatlas/tenantatlas/pkg/graphsim"
)

//go:embed tenants
var embedded embed.FS

// ClientID is the application of every demo connection; the simulator accepts
// any, with the one secret it knows.
const ClientID = "5b0a6d2e-4c1f-4f57-9d57-7b6f6a5f2f11"

// Workspace is the name of the demo workspace.
const Workspace = "Nordwind Managed Services"

// Tenant is one simulated directory and how the demo workspace knows it.
type Tenant struct {
	Name      string
	Directory string
	Secret    string // of its connection; a wrong one breaks it
	Sync      bool   // read once when the demo is set up
	layers    []string
}

// Tenants lists the demo tenants in the order they are registered.
func Tenants() []Tenant {
	const wrong = "expired-last-spring"
	return []Tenant{
		{"Nordwind Baseline", "0d9f4b6e-8f53-4a83-9a26-3a1c5c0e1a01", graphsim.Secret, true, []string{"base"}},
		{"Brückner Logistik", "0d9f4b6e-8f53-4a83-9a26-3a1c5c0e1a02", graphsim.Secret, true, []string{"base"}},
		{"Lindqvist Café Group", "0d9f4b6e-8f53-4a83-9a26-3a1c5c0e1a03", graphsim.Secret, true, []string{"base", "drifted"}},
		{"Harbour & Sons", "0d9f4b6e-8f53-4a83-9a26-3a1c5c0e1a04", graphsim.Secret, true, []string{"base", "mapping"}},
		{"Oakfield Clinic", "0d9f4b6e-8f53-4a83-9a26-3a1c5c0e1a05", wrong, true, []string{"base"}},
		{"Vela Aerospace", "0d9f4b6e-8f53-4a83-9a26-3a1c5c0e1a06", graphsim.Secret, false, []string{"base", "drifted"}},
	}
}

// Simulated is what the simulator is told about the demo tenants.
func Simulated() ([]graphsim.Tenant, error) {
	files, err := fs.Sub(embedded, "tenants")
	if err != nil {
		return nil, err
	}
	list := make([]graphsim.Tenant, 0, len(Tenants()))
	for _, t := range Tenants() {
		objects, err := Layers(files, t.layers...)
		if err != nil {
			return nil, err
		}
		list = append(list, graphsim.Tenant{Directory: t.Directory, Objects: objects})
	}
	return list, nil
}
