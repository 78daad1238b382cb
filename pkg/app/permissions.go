package app

import (
	"slices"

	"github.com/tenantatlas/tenantatlas/pkg/inventory"
	"github.com/tenantatlas/tenantatlas/pkg/promotion"
	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// readPermissions says which Graph application role reading a part of a tenant
// needs; a role that also writes includes it. Policy types that are not named
// belong to the device configuration area.
var readPermissions = []struct {
	role  string
	types []subject.TypeKey
	kinds []subject.RefKind
}{
	{
		role: "Policy.Read.All", types: []subject.TypeKey{"conditional_access_policies", "named_locations"},
		kinds: []subject.RefKind{subject.RefAuthStrength},
	},
	{
		role: "DeviceManagementApps.Read.All", types: []subject.TypeKey{
			"ios_managed_app_protections", "android_managed_app_protections", "mobile_app_configurations",
		}, kinds: []subject.RefKind{subject.RefApp},
	},
	{role: "DeviceManagementRBAC.Read.All", types: []subject.TypeKey{"role_scope_tags", "role_definitions"}},
	{role: "DeviceManagementScripts.Read.All", types: []subject.TypeKey{
		"device_management_scripts", "device_shell_scripts", "device_custom_attribute_shell_scripts", "device_health_scripts", "device_compliance_scripts",
	}},
	{role: "DeviceManagementServiceConfig.Read.All", types: []subject.TypeKey{
		"notification_message_templates", "windows_autopilot_deployment_profiles", "device_enrollment_configurations",
		"terms_and_conditions", "device_management_settings",
	}},
	{role: "Group.Read.All", kinds: []subject.RefKind{subject.RefGroup}},
	{role: "Application.Read.All", kinds: []subject.RefKind{subject.RefApplication}},
	{role: "Agreement.Read.All", kinds: []subject.RefKind{subject.RefTermsOfUse}},
}

const configurationRead = "DeviceManagementConfiguration.Read.All"

// Needed lists the Graph application roles the product's features need in a
// tenant, sorted. Of several roles that would do for writing it names the first.
func Needed() inventory.Needed {
	var n inventory.Needed
	n.Read = []string{configurationRead}
	for _, row := range readPermissions {
		n.Read = append(n.Read, row.role)
	}
	for _, t := range subject.Types() {
		if t.Portable {
			n.Write = append(n.Write, promotion.WritePermissions(t)[0])
		}
	}
	for _, list := range []*[]string{&n.Read, &n.Write} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return n
}
