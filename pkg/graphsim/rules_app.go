package graphsim

// Rules of app protection and app configuration.

// targetApps replaces the apps of an app protection policy.
func targetApps(_ *work, old, body Object) (Object, any, int, *failure) {
	if _, isList := body["apps"].([]any); !isList {
		return nil, nil, 0, badRequest("The parameter 'apps' is required and must be a list.")
	}
	apps := []any{}
	for _, a := range objects(body, "apps") {
		identifier, isObject := a["mobileAppIdentifier"].(Object)
		if !isObject || appKey(identifier) == "" {
			return nil, nil, 0, modelInvalid("Each app needs a mobileAppIdentifier.")
		}
		apps = append(apps, Object{"id": appKey(identifier), "version": a["version"], "mobileAppIdentifier": clone(identifier)})
	}
	old["apps"] = apps
	if group := str(body, "appGroupType"); group != "" {
		old["appGroupType"] = group
	}
	old["deployedAppCount"] = len(apps)
	return old, nil, noContent, nil
}

// appKey is the id Intune gives to a managed app.
func appKey(identifier Object) string {
	for _, p := range []string{"bundleId", "packageId", "windowsAppId"} {
		if v := str(identifier, p); v != "" {
			return v
		}
	}
	return ""
}

func oneAppConfiguration(_ *work, next, _ Object) *failure {
	if next["encodedSettingXml"] != nil && len(list(next, "settings")) > 0 {
		return badRequest("encodedSettingXml and settings exclude each other.")
	}
	return nil
}
