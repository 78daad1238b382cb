package contract_test

import "strings"

// promisedOperations are verbs and paths that clients were promised.
var promisedOperations = strings.Fields(strings.NewReplacer("~", "/workspaces/{workspace_id}", "^", "/workspaces/{workspace_id}/tenants/{tenant_id}").Replace(`
	POST:/session DELETE:/session GET:/me GET:/me/tokens POST:/me/tokens DELETE:/me/tokens/{token_id}
	GET:/me/notifications POST:/me/notifications/read GET:/workspaces POST:/workspaces GET:~ PATCH:~
	GET:~/members POST:~/members PATCH:~/members/{user_id} DELETE:~/members/{user_id}
	GET:~/tenants POST:~/tenants GET:^ PATCH:^ POST:^/archive GET:^/members POST:^/members DELETE:^/members/{user_id}
	GET:^/connection PUT:^/connection POST:^/connection/verify POST:^/inventory-syncs
	GET:^/subjects GET:^/subjects/{subject_id} GET:^/subjects/{subject_id}/versions GET:^/versions/{version_id} GET:/policy-types
	POST:~/cross-tenant-compare/preview POST:~/cross-tenant-compare/diff POST:~/cross-tenant-compare/preflight POST:~/cross-tenant-compare/promotions
	GET:~/operations GET:~/operations/{operation_id} GET:~/operations/{operation_id}/items GET:~/operations/{operation_id}/events
	GET:~/events POST:~/operations/{operation_id}/cancel GET:~/operational-controls PUT:~/operational-controls/{operation_type}
	GET:~/audit-events GET:~/audit-events/export`))

// promisedProperties are the properties of answers and requests, by schema.
var promisedProperties = map[string]string{
	"Operation": `id type label status outcome tenant_id source_tenant_id target_tenant_id initiator summary_counts waiting_on reason_code
		message created_at started_at completed_at actions links`,
	"TenantSummary": "id display_name directory_id connection_status last_sync not_evaluated_types",
	"CompareItem": `subject_key policy_type display_name state match candidates source_version_id target_version_id source_captured_at
		target_captured_at`,
	"PreflightItem":         "subject_key policy_type display_name bucket action reasons match",
	"Preflight":             "fingerprint rule_version generated_at executable counts mutation_scope items next_cursor primary_action actions",
	"StartPromotionRequest": "selection preflight_fingerprint confirmation",
	"StartResult":           "result message operation",
	"Member":                "user_id email display_name role revision",
	"Problem":               "type title status detail code request_id errors operation reason_code counts changes",
}

// promisedCodes are all problem codes.
var promisedCodes = strings.Fields(`unauthenticated not_found forbidden invalid_input method_not_allowed unsupported_media_type body_too_large
	rate_limited precondition_required precondition_failed conflict idempotency_key_reused idempotency_in_progress secret_already_shown
	cursor_stale directory_already_registered same_tenant scope_busy operation_blocked preflight_stale confirmation_mismatch
	confirmation_required no_ready_subjects operation_completed composition_not_current publication_blocked readiness_changed
	step_not_current step_not_startable unavailable internal`)

// promisedWords are enumerations, by a property that has them.
var promisedWords = map[string]string{
	"Operation.status":  "queued running completed",
	"Operation.outcome": "pending succeeded partially_succeeded failed blocked cancelled",
	"Operation.type": `connection.verify inventory.sync promotion.execute report.permission_posture report.entra_admin_roles
		baseline.compare evidence.collect review.compose review_pack.generate`,
	"CompareItem.state":               "aligned different missing_in_target only_in_target ambiguous not_evaluated",
	"PreflightItem.bucket":            "ready blocked manual_mapping_required aligned",
	"PreflightItem.action":            "create update none",
	"TenantSummary.connection_status": "none unverified verified permission_missing failed",
	"Member.role":                     "owner manager operator readonly support customer",
	"OperationItem.status":            "pending in_progress succeeded failed skipped",
	"StartResult.result":              "queued deduplicated",
}

// promisedCounts are the summary counts of every run, and no others.
const promisedCounts = "total processed succeeded failed skipped created updated unchanged"
