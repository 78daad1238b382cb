package promotion

import (
	"slices"
	"strings"

	"github.com/tenantatlas/tenantatlas/pkg/subject"
)

// A Graph area and the application roles that allow writing in it; one of them
// is enough.
var (
	writesConfiguration = []string{"DeviceManagementConfiguration.ReadWrite.All"}
	writesApps          = []string{"DeviceManagementApps.ReadWrite.All"}
	writesServiceConfig = []string{"DeviceManagementServiceConfig.ReadWrite.All"}
	writesRBAC          = []string{"DeviceManagementRBAC.ReadWrite.All"}
	writesScripts       = []string{"DeviceManagementScripts.ReadWrite.All", "DeviceManagementConfiguration.ReadWrite.All"}
	writesAccess        = []string{"Policy.ReadWrite.ConditionalAccess"}
)

// writePermissions holds the types outside the configuration area.
var writePermissions = map[subject.TypeKey][]string{
	"conditional_access_policies":           writesAccess,
	"named_locations":                       writesAccess,
	"ios_managed_app_protections":           writesApps,
	"android_managed_app_protections":       writesApps,
	"mobile_app_configurations":             writesApps,
	"device_management_scripts":             writesScripts,
	"device_shell_scripts":                  writesScripts,
	"device_custom_attribute_shell_scripts": writesScripts,
	"device_health_scripts":                 writesScripts,
	"device_compliance_scripts":             writesScripts,
	"role_scope_tags":                       writesRBAC,
	"role_definitions":                      writesRBAC,
	"notification_message_templates":        writesServiceConfig,
	"windows_autopilot_deployment_profiles": writesServiceConfig,
	"device_enrollment_configurations":      writesServiceConfig,
	"terms_and_conditions":                  writesServiceConfig,
	"device_management_settings":            writesServiceConfig,
}

// WritePermissions lists the application roles of which one is needed to write
// a type.
func WritePermissions(t *subject.Type) []string {
	if p, ok := writePermissions[t.Key]; ok {
		return p
	}
	return writesConfiguration
}

func mayWrite(granted []string, t *subject.Type) bool {
	return slices.ContainsFunc(WritePermissions(t), func(role string) bool {
		return slices.ContainsFunc(granted, func(g string) bool { return strings.EqualFold(g, role) })
	})
}

// approvalCovers says which types a Multi Admin Approval policy type protects.
var approvalCovers = map[string][]subject.TypeKey{
	"script": {"device_management_scripts", "device_shell_scripts", "device_custom_attribute_shell_scripts", "device_health_scripts", "device_compliance_scripts"},
	"role":   {"role_definitions", "role_scope_tags"},
	"app":    {"mobile_app_configurations"},
	"tenantConfiguration": {
		"device_management_settings", "device_enrollment_configurations", "windows_autopilot_deployment_profiles",
	},
}
