package graphsim

var groupTargets = []string{"groupAssignmentTarget", "exclusionGroupAssignmentTarget"}

// protectionAssign is the assignment of app protection and of app
// configuration for managed apps.
func protectionAssign() *assignment {
	return &assignment{action: "assign", key: "assignments", status: noContent, kinds: groupTargets}
}

func protectionRow(folder, typ string, patch int) *collection {
	return &collection{
		folder: folder, path: "deviceAppManagement/" + folder, typ: typ, bare: true, perm: "DeviceManagementApps", ids: mamID,
		codes: statuses{create: created, patch: patch, remove: noContent}, required: []string{"displayName"},
		links: []string{"apps", "assignments"}, server: []string{"deployedAppCount"}, tags: "roleScopeTagIds", dates: modified,
		versioned: true, marked: true, expand: []string{"apps", "assignments"}, assign: protectionAssign(),
		children: []child{{name: "apps"}, {name: "assignments"}},
		actions:  []action{{name: "targetApps", method: "POST", run: targetApps}},
	}
}

func intuneAppTable() []*collection {
	targeted := protectionRow("targetedManagedAppConfigurations", "targetedManagedAppConfiguration", noContent)
	targeted.expand = append(targeted.expand, "settings")
	return []*collection{
		{
			folder: "mobileApps", path: "deviceAppManagement/mobileApps", many: true, perm: "DeviceManagementApps", codes: allVerbs2, typed: true,
			required: []string{"displayName"}, links: []string{"assignments", "categories"}, tags: "roleScopeTagIds", dates: modified,
			expand: []string{"assignments"}, children: []child{{name: "assignments"}},
		},
		protectionRow("iosManagedAppProtections", "iosManagedAppProtection", noContent),
		protectionRow("androidManagedAppProtections", "androidManagedAppProtection", noContent),
		protectionRow("windowsManagedAppProtections", "windowsManagedAppProtection", noContent),
		protectionRow("mdmWindowsInformationProtectionPolicies", "mdmWindowsInformationProtectionPolicy", ok),
		protectionRow("windowsInformationProtectionPolicies", "windowsInformationProtectionPolicy", ok),
		targeted,
		{
			folder: "mobileAppConfigurations", path: "deviceAppManagement/mobileAppConfigurations", many: true, typed: true, versioned: true,
			perm: "DeviceManagementApps", codes: allVerbs2, required: []string{"displayName"}, links: []string{"assignments"},
			tags: "roleScopeTagIds", dates: modified, expand: []string{"assignments"},
			assign:   &assignment{action: "microsoft.graph.managedDeviceMobileAppConfiguration/assign", key: "assignments", status: ok},
			children: []child{{name: "assignments"}}, rules: []rule{when(knownApps("targetedMobileApps"), "targetedMobileApps"), oneAppConfiguration},
		},
		{
			folder: "policySets", path: "deviceAppManagement/policySets", typ: "policySet", perm: "DeviceManagementApps", codes: allVerbs,
			required: []string{"displayName"}, links: []string{"assignments"}, tags: "roleScopeTags", dates: modified, expand: []string{"assignments", "items"},
		},
		{
			folder: "brandingProfiles", path: "deviceManagement/intuneBrandingProfiles", typ: "intuneBrandingProfile", perm: "DeviceManagementApps",
			name: "profileName", codes: allVerbs, required: []string{"profileName"}, links: []string{"assignments"}, tags: "roleScopeTagIds",
			dates: modified, expand: []string{"assignments"}, assign: assignList("assignments", ok), children: []child{{name: "assignments"}},
		},
	}
}
