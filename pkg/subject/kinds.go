package subject

// RefKinds lists every kind of reference a policy can hold, in the order of the
// documentation.
func RefKinds() []RefKind {
	return []RefKind{
		RefScopeTag, RefFilter, RefNamedLocation, RefNotificationTemplate, RefReusableSetting, RefComplianceScript,
		RefCertificateProfile, RefGroup, RefUser, RefApplication, RefApp, RefAuthStrength, RefTermsOfUse, RefTenant,
	}
}
