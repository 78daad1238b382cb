package graphsim

func directoryTable() []*collection {
	read := func(folder, path, typ, perm string) *collection {
		return &collection{folder: folder, path: path, typ: typ, area: directory, perm: perm, page: 100, top: 999}
	}
	groups := read("groups", "groups", "group", "Group")
	groups.codes = statuses{create: created, patch: noContent, remove: noContent}
	groups.required = []string{"displayName", "mailEnabled", "mailNickname", "securityEnabled"}
	groups.derived = map[string]derivation{"members": groupMembers, "transitiveMembers": allMembers, "owners": groupOwners}
	groups.rules = []rule{uniqueMailNickname}
	users := read("users", "users", "user", "User")
	users.codes = statuses{create: created, patch: noContent, remove: noContent}
	principals := read("servicePrincipals", "servicePrincipals", "servicePrincipal", "Application")
	principals.expand = []string{"appRoleAssignments", "appRoleAssignedTo"}
	principals.children = []child{{name: "appRoleAssignments"}, {name: "appRoleAssignedTo"}, {name: "oauth2PermissionGrants"}}
	roles := read("directoryRoles", "directoryRoles", "directoryRole", "RoleManagement")
	roles.derived = map[string]derivation{"members": roleMembers}
	assignments := read("roleAssignments", "roleManagement/directory/roleAssignments", "unifiedRoleAssignment", "RoleManagement")
	assignments.derived = map[string]derivation{"principal": principalOf, "roleDefinition": roleDefinitionOf}
	eligible := read("roleEligibilityScheduleInstances", "roleManagement/directory/roleEligibilityScheduleInstances", "unifiedRoleEligibilityScheduleInstance", "RoleManagement")
	eligible.aliases = []string{"roleManagement/directory/roleEligibilitySchedules"}
	eligible.derived = assignments.derived
	return []*collection{
		read("organization", "organization", "organization", "Organization"),
		read("subscribedSkus", "subscribedSkus", "subscribedSku", "Organization"),
		groups, users, principals, roles, assignments, eligible,
		read("directoryRoleDefinitions", "roleManagement/directory/roleDefinitions", "unifiedRoleDefinition", "RoleManagement"),
		read("userRegistrationDetails", "reports/authenticationMethods/userRegistrationDetails", "userRegistrationDetails", "Reports"),
	}
}
