package api

// resources registers everything the operators' plane consists of, in the order
// of the documentation. A resource is one file; add its line here.
var resources = []func(*API){
	registerSession,
	registerMe,
	registerTokens,
	registerNotifications,
	registerWorkspaces,
	registerMembers,
	registerTenants,
	registerTenantMembers,
	registerConnection,
	registerVerify,
	registerPolicyTypes,
	registerInventory,
	registerCompare,
	registerPromotions,
	registerOperations,
	registerEvents,
	registerControls,
	registerAudit,
}
