package graphsim

func intuneScriptTable() []*collection {
	row := func(folder, typ, key string, rest collection) *collection {
		rest.folder, rest.path, rest.typ = folder, "deviceManagement/"+folder, typ
		rest.perm, rest.codes = "DeviceManagementScripts", allVerbs
		rest.required, rest.links = []string{"displayName"}, []string{"assignments"}
		rest.tags, rest.dates = "roleScopeTagIds", modified
		rest.expand, rest.assign, rest.children = []string{"assignments"}, assignList(key, ok), []child{{name: "assignments"}}
		rest.rules = append([]rule{base64Contents}, rest.rules...)
		return &rest
	}
	const scripts, health = "deviceManagementScriptAssignments", "deviceHealthScriptAssignments"
	return []*collection{
		row("deviceComplianceScripts", "deviceComplianceScript", health, collection{
			nullList: []string{"detectionScriptContent"}, versioned: true, quiet: true, guard: guardComplianceScriptInUse,
		}),
		row("deviceManagementScripts", "deviceManagementScript", scripts, collection{nullList: []string{"scriptContent"}}),
		row("deviceShellScripts", "deviceShellScript", scripts, collection{nullList: []string{"scriptContent"}}),
		row("deviceHealthScripts", "deviceHealthScript", health, collection{
			nullList: []string{"detectionScriptContent", "remediationScriptContent"}, quiet: true, guard: guardGlobalScript,
			server:   []string{"isGlobalScript", "highestAvailableVersion", "deviceHealthScriptType"},
			defaults: Object{"isGlobalScript": false, "highestAvailableVersion": nil, "deviceHealthScriptType": "deviceHealthScript", "version": "1"},
		}),
		row("deviceCustomAttributeShellScripts", "deviceCustomAttributeShellScript", scripts, collection{
			nullList: []string{"scriptContent"}, immutable: []string{"customAttributeName", "customAttributeType", "displayName"},
		}),
	}
}
