package graphsim

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

const graphAppID = "00000003-0000-0000-c000-000000000000"

func parseForm(body []byte) url.Values {
	v, err := url.ParseQuery(string(body))
	if err != nil {
		return url.Values{}
	}
	return v
}

// appRoles are Microsoft Graph's application permissions that the routes here
// ask for, with the ids they have in every tenant.
var appRoles = map[string]string{
	"DeviceManagementApps.Read.All":                "7a6ee1e7-141e-4cec-ae74-d9db155731ff",
	"DeviceManagementApps.ReadWrite.All":           "78145de6-330d-4800-a6ce-494ff2d33d07",
	"DeviceManagementConfiguration.Read.All":       "dc377aa6-52d8-4e23-b271-2a7ae04cedf3",
	"DeviceManagementConfiguration.ReadWrite.All":  "9241abd9-d0e6-425a-bd4f-47ba86e767a4",
	"DeviceManagementManagedDevices.Read.All":      "2f51be20-0bb4-4fed-bf7b-db946066c75e",
	"DeviceManagementManagedDevices.ReadWrite.All": "243333ab-4d21-40cb-a475-36241daa0842",
	"DeviceManagementRBAC.Read.All":                "58ca0d9a-1575-47e1-a3cb-007ef2e4583b",
	"DeviceManagementRBAC.ReadWrite.All":           "e330c4f0-4170-414e-a55a-2f022ec2b57b",
	"DeviceManagementScripts.Read.All":             "c7a5be92-2b3d-4540-8a67-c96dcaae8b43",
	"DeviceManagementScripts.ReadWrite.All":        "9255e99d-faf5-445e-bbf7-cb71482737c4",
	"DeviceManagementServiceConfig.Read.All":       "06a5fe6d-c49d-46a7-b082-56b1b14103c7",
	"DeviceManagementServiceConfig.ReadWrite.All":  "5ac13192-7ace-4fcf-b828-1a26f28068ee",
	"Group.Read.All":                               "5b567255-7703-4780-807c-7be8301ae99b",
	"Group.ReadWrite.All":                          "62a82d76-70ea-41e2-9197-370581804d09",
	"GroupMember.Read.All":                         "98830695-27a2-44f7-8c18-0c3ebc9698f6",
	"User.Read.All":                                "df021288-bdef-4463-88db-98f22de89214",
	"User.ReadWrite.All":                           "741f803b-c850-494e-b5df-cde7c675a1ca",
	"Directory.Read.All":                           "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
	"Directory.ReadWrite.All":                      "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
	"Application.Read.All":                         "9a5d68dd-52b0-4cc2-bd40-abcf446ac304",
	"Application.ReadWrite.All":                    "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
	"Policy.Read.All":                              "246dd0d5-5bd0-4def-940b-0421030a5b68",
	"Policy.ReadWrite.ConditionalAccess":           "01c0a623-fc9b-48e9-b794-0756f8e8f067",
	"Policy.ReadWrite.AuthenticationMethod":        "29c18626-4985-4dcd-85c0-193eef327366",
	"Agreement.Read.All":                           "2f3e6f8c-093b-4c57-a58b-ba5ce494a169",
	"Agreement.ReadWrite.All":                      "c9090d00-6101-42f0-a729-c41074260d47",
	"Organization.Read.All":                        "498476ce-e0fe-48b0-b801-37ba7e2685c6",
	"RoleManagement.Read.All":                      "c7fbd983-d9aa-4fa7-84b8-17382c103bc4",
	"RoleManagement.Read.Directory":                "483bed4a-2ad3-4361-a73b-c83ccdbdcf02",
	"RoleEligibilitySchedule.Read.Directory":       "ff278e11-4a33-4d0c-83d2-d01dc58929a5",
	"AuditLog.Read.All":                            "b0afded3-3588-46d8-8b3d-9842eff778da",
	"UserAuthenticationMethod.Read.All":            "38d9df27-64da-44fd-b7c5-a6fbac20248f",
	"Reports.Read.All":                             "230c1aed-a721-4c5d-9cb4-a90514e508ef",
}

// permission lists which application permissions open a route; any one does.
type permission struct{ read, write []string }

func stem(name string, more ...string) permission {
	return permission{
		read:  append([]string{name + ".Read.All", name + ".ReadWrite.All"}, more...),
		write: []string{name + ".ReadWrite.All"},
	}
}

var permissions = map[string]permission{
	"DeviceManagementConfiguration":  stem("DeviceManagementConfiguration"),
	"DeviceManagementApps":           stem("DeviceManagementApps"),
	"DeviceManagementServiceConfig":  stem("DeviceManagementServiceConfig"),
	"DeviceManagementRBAC":           stem("DeviceManagementRBAC"),
	"DeviceManagementManagedDevices": stem("DeviceManagementManagedDevices"),
	"DeviceManagementScripts": {
		read: []string{
			"DeviceManagementScripts.Read.All", "DeviceManagementScripts.ReadWrite.All",
			"DeviceManagementConfiguration.Read.All", "DeviceManagementConfiguration.ReadWrite.All",
		},
		write: []string{"DeviceManagementScripts.ReadWrite.All", "DeviceManagementConfiguration.ReadWrite.All"},
	},
	"Group":                   stem("Group", "GroupMember.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"),
	"User":                    stem("User", "Directory.Read.All", "Directory.ReadWrite.All"),
	"Application":             stem("Application", "Directory.Read.All", "Directory.ReadWrite.All"),
	"Organization":            {read: []string{"Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All", "DeviceManagementConfiguration.Read.All", "DeviceManagementConfiguration.ReadWrite.All"}},
	"Policy":                  {read: []string{"Policy.Read.All"}, write: []string{"Policy.ReadWrite.AuthenticationMethod", "Policy.ReadWrite.ConditionalAccess"}},
	"PolicyConditionalAccess": {read: []string{"Policy.Read.All"}, write: []string{"Policy.ReadWrite.ConditionalAccess"}},
	"Agreement":               stem("Agreement"),
	"RoleManagement":          {read: []string{"RoleManagement.Read.Directory", "RoleManagement.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"}},
	"Eligibility":             {read: []string{"RoleEligibilitySchedule.Read.Directory", "RoleManagement.Read.All", "RoleManagement.Read.Directory"}},
	"Reports":                 {read: []string{"AuditLog.Read.All", "UserAuthenticationMethod.Read.All", "Reports.Read.All"}},
}

func (t token) may(perm string, read bool) bool {
	p, known := permissions[perm]
	if !known {
		return true
	}
	wanted := p.write
	if read {
		wanted = p.read
	}
	return slices.ContainsFunc(t.Roles, func(r string) bool { return slices.Contains(wanted, r) })
}

// principal is the service principal of a client id. Without a folder of
// service principals every client id has one.
func (t *tenant) principal(client string, now time.Time) (Object, error) {
	if p := t.find("servicePrincipals", "appId", client); p != nil {
		return p, nil
	}
	if t.replaced["servicePrincipals"] {
		return nil, nil
	}
	id := derivedGUID("sp", t.directory, strings.ToLower(client))
	graph := t.find("servicePrincipals", "appId", graphAppID)
	var grants []any
	for _, value := range sortedKeys(appRoles) {
		grants = append(grants, Object{
			"id": derivedGUID("grant", t.directory, client, value), "appRoleId": appRoles[value], "principalId": id,
			"principalDisplayName": "Simulated application", "principalType": "ServicePrincipal", "createdDateTime": stamp(now),
			"resourceId": str(graph, "id"), "resourceDisplayName": "Microsoft Graph",
		})
	}
	p := Object{
		"id": id, "appId": client, "displayName": "Simulated application", "servicePrincipalType": "Application", "accountEnabled": true,
		"appOwnerOrganizationId": t.directory, "appRoles": []any{}, "appRoleAssignments": grants,
	}
	return p, t.store("servicePrincipals", id, p, now, 0)
}

// grantedRoles are the permission values granted to a principal.
func (t *tenant) grantedRoles(principal Object) []string {
	roles := []string{}
	for _, g := range objects(principal, "appRoleAssignments") {
		if value := t.roleValue(str(g, "resourceId"), str(g, "appRoleId")); value != "" && !slices.Contains(roles, value) {
			roles = append(roles, value)
		}
	}
	slices.Sort(roles)
	return roles
}

func (t *tenant) roleValue(resource, role string) string {
	for _, r := range objects(t.object("servicePrincipals", resource), "appRoles") {
		if strings.EqualFold(str(r, "id"), role) {
			return str(r, "value")
		}
	}
	for value, id := range appRoles {
		if strings.EqualFold(id, role) {
			return value
		}
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// stamp is a time as Graph writes it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }
