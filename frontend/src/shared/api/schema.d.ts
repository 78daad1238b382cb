// Generated from openapi/ by "npm run generate". Do not edit.

export interface paths {
    "/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who am I
         * @description The caller's account, memberships, and capabilities per workspace and tenant.
         */
        get: operations["get-me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my notifications
         * @description What became of what the caller started, newest first.
         */
        get: operations["list-my-notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark notifications as read
         * @description Marks the named notifications of the caller as read, or all of them. Ids that are not the caller's are passed over.
         */
        post: operations["read-my-notifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my API tokens
         * @description The caller's own tokens, newest first, without their secrets. Revoked tokens are gone.
         */
        get: operations["list-my-tokens"];
        put?: never;
        /**
         * Create an API token
         * @description Creates a token that acts as the caller. Its secret is in this answer only.
         */
        post: operations["create-my-token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/me/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API token
         * @description Ends one of the caller's own tokens at once.
         */
        delete: operations["revoke-my-token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/policy-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List policy types
         * @description The catalogue of policy types, in the order an administrator would look for them.
         */
        get: operations["list-policy-types"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Opens a session for a browser and sets its cookie. API clients use tokens instead.
         */
        post: operations["sign-in"];
        /**
         * Sign out
         * @description Ends the session of the cookie at once. Ending one that is over is no error.
         */
        delete: operations["sign-out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List my workspaces
         * @description The workspaces the caller is a member of.
         */
        get: operations["list-workspaces"];
        put?: never;
        /**
         * Create a workspace
         * @description Creates a workspace and makes the caller its owner.
         */
        post: operations["create-workspace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a workspace
         * @description One workspace the caller is a member of.
         */
        get: operations["get-workspace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename a workspace
         * @description Changes the name of a workspace.
         */
        patch: operations["update-workspace"];
        trace?: never;
    };
    "/workspaces/{workspace_id}/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List audit events
         * @description What was done in the workspace, newest first.
         */
        get: operations["list-audit-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/audit-events/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export audit events
         * @description Everything the filter matches, newest first, as one JSON object per line.
         */
        get: operations["export-audit-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/cross-tenant-compare/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * List the differences of a subject
         * @description What differs in one subject of the selection, in words, with names in place of ids. A subject with several candidates, or with a side that was not read, is refused with the reason.
         */
        post: operations["diff-subject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/cross-tenant-compare/preflight": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Generate a promotion preflight
         * @description What of the selection can be promoted to the target, what cannot and why. Nothing is changed. The first page is recorded as the generation of a preflight; pages with a cursor are not.
         */
        post: operations["generate-preflight"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/cross-tenant-compare/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare two tenants
         * @description How every subject of the selection stands between source and target, from what was last read. Nothing is changed, and neither tenant is asked.
         */
        post: operations["preview-comparison"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/cross-tenant-compare/promotions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Execute a promotion
         * @description Queues one operation that applies the ready subjects of a current preflight to the target, or returns the active operation of the same request. Nothing is queued unless selection, fingerprint and confirmation are what they were.
         */
        post: operations["start-promotion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow all operations
         * @description An operation.updated with the present state of each visible operation that moves. Without Last-Event-ID it begins with those that are active.
         */
        get: operations["stream-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List members
         * @description Everybody who belongs to the workspace, by email.
         */
        get: operations["list-members"];
        put?: never;
        /**
         * Add a member
         * @description Gives a person a role in the workspace. Somebody who is a member already is a conflict.
         */
        post: operations["add-member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member
         * @description Ends a membership and every tenant membership under it. The last owner stays.
         */
        delete: operations["remove-member"];
        options?: never;
        head?: never;
        /**
         * Change a member's role
         * @description Gives a member another role. The last owner stays.
         */
        patch: operations["change-member"];
        trace?: never;
    };
    "/workspaces/{workspace_id}/operational-controls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List operational controls
         * @description For every kind of work, whether it is paused in this workspace or everywhere.
         */
        get: operations["list-operational-controls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/operational-controls/{operation_type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Pause or resume a kind of work
         * @description A pause refuses new operations of that kind in the workspace and lets running ones skip what they have not begun. The first one needs no If-Match.
         */
        put: operations["put-operational-control"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List operations
         * @description The operations of the tenants the caller is entitled to, newest first.
         */
        get: operations["list-operations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/operations/{operation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an operation
         * @description One operation. The source of a promotion is null without entitlement to it.
         */
        get: operations["get-operation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/operations/{operation_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an operation
         * @description A queued operation ends at once; a running one stops after the item in progress and skips the rest. It needs what starting the operation needs. Cancelling twice changes nothing.
         */
        post: operations["cancel-operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/operations/{operation_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow one operation
         * @description An operation.updated whenever the operation moves, beginning with its present state. The stream ends after the operation has completed.
         */
        get: operations["stream-operation-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/operations/{operation_id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the items of an operation
         * @description What the operation consists of, in order, each with what became of it and why.
         */
        get: operations["list-operation-items"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tenants
         * @description The tenants the caller is entitled to, archived ones too, in the order of registration.
         */
        get: operations["list-tenants"];
        put?: never;
        /**
         * Register a tenant
         * @description Registers a directory in the workspace, once.
         */
        post: operations["create-tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a tenant
         * @description One tenant the caller is entitled to.
         */
        get: operations["get-tenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a tenant
         * @description Changes the name or the cloud of a tenant. Its directory never changes.
         */
        patch: operations["update-tenant"];
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive a tenant
         * @description Takes a tenant out of use: nothing new starts for it. Archiving it again changes nothing.
         */
        post: operations["archive-tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}/connection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the connection
         * @description How the tenant is reached and what the last check found. The credential is never shown.
         */
        get: operations["get-connection"];
        /**
         * Store the connection
         * @description Stores application and credential in place of what was there. The first one needs no If-Match. Afterwards the connection is unverified.
         */
        put: operations["put-connection"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}/connection/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify the connection
         * @description Gets a token and reads which permissions the directory has granted. Missing permissions are a finding, not a failure.
         */
        post: operations["verify-connection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}/inventory-syncs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start an inventory sync
         * @description Reads the tenant through Microsoft Graph and stores what has changed. While a sync of the same types is active it is returned; one of other types is scope_busy.
         */
        post: operations["start-inventory-sync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a tenant's members
         * @description Who holds a membership in the tenant, by email. Owners, managers and support see it without one and are not listed.
         */
        get: operations["list-tenant-members"];
        put?: never;
        /**
         * Entitle a member to a tenant
         * @description Gives a member of the workspace a role in the tenant, or another role when there is one already.
         */
        post: operations["add-tenant-member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End an entitlement
         * @description Takes a membership in the tenant away.
         */
        delete: operations["remove-tenant-member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List subjects
         * @description What the tenant has, as of the last time it was read, by type and name. Deleted subjects are left out.
         */
        get: operations["list-subjects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}/subjects/{subject_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a subject
         * @description One subject of the tenant, also after it was deleted there.
         */
        get: operations["get-subject"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}/subjects/{subject_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List versions
         * @description The versions of a subject, newest first. A version never changes; a read that finds nothing new makes none.
         */
        get: operations["list-subject-versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workspaces/{workspace_id}/tenants/{tenant_id}/versions/{version_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a version
         * @description One version with its raw content.
         */
        get: operations["get-version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Action: {
            /**
             * @description Whether it may be done now.
             * @example true
             */
            allowed: boolean;
            /**
             * @description One sentence on what would help; null when allowed.
             * @example Ask a manager of this workspace.
             */
            guidance: string | null;
            /**
             * @description Why not; null when allowed.
             * @example forbidden
             */
            reason_code: string | null;
        };
        AddMemberRequest: {
            /**
             * Format: email
             * @description Email address. An account without a password is created when there is none; the answer is the same.
             * @example robin@example.com
             */
            email: string;
            /**
             * @description Role in the workspace; only an owner may give owner.
             * @example operator
             * @enum {string}
             */
            role: "owner" | "manager" | "operator" | "readonly" | "support" | "customer";
        };
        AddTenantMemberRequest: {
            /**
             * @description Role in the tenant.
             * @example operator
             * @enum {string}
             */
            role: "manager" | "operator" | "reader";
            /**
             * Format: uuid
             * @description A member of the workspace.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24
             */
            user_id: string;
        };
        AuditActor: {
            /**
             * @description The name at that time.
             * @example Robin Meyer
             */
            display_name: string;
            /**
             * Format: uuid
             * @description The person, or null for the system.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24
             */
            id: string | null;
            /**
             * @description How the actor came.
             * @example session
             * @enum {string}
             */
            via: "session" | "token" | "system";
        };
        AuditEvent: {
            /**
             * @description What happened; the catalogue of actions is part of the documentation.
             * @example tenant.created
             */
            action: string;
            /** @description Who did it. */
            actor: components["schemas"]["AuditActor"];
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-11-24T09:00:00Z
             */
            at: string;
            /** @description Ids, codes, counts and digests; never secrets or policy content. */
            details: {
                [key: string]: unknown;
            };
            /**
             * Format: uuid
             * @description Id of the record.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e27
             */
            id: string;
            /**
             * Format: uuid
             * @description The operation it belongs to, or null.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21
             */
            operation_id: string | null;
            /**
             * @description The request it was done by, or null.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e28
             */
            request_id: string | null;
            /**
             * @description The action in words.
             * @example A tenant was registered.
             */
            summary: string;
            /** @description What was changed, or null. */
            target: components["schemas"]["AuditTarget"] | null;
            /**
             * Format: uuid
             * @description The tenant it is about, or null.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            tenant_id: string | null;
        };
        AuditEventList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["AuditEvent"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        AuditTarget: {
            /**
             * @description Its id.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            id: string;
            /**
             * @description What it is.
             * @example tenant
             */
            kind: string;
        };
        Candidates: {
            /**
             * Format: int64
             * @description In the source.
             * @example 1
             */
            source: number;
            /**
             * Format: int64
             * @description In the target.
             * @example 1
             */
            target: number;
        };
        Change: {
            /**
             * @description added would come to the target, removed would go, changed would be replaced.
             * @example changed
             * @enum {string}
             */
            kind: "added" | "removed" | "changed";
            /**
             * @description Where it is, in words.
             * @example Minimum password length
             */
            label: string;
            /**
             * @description Where it is, stable.
             * @example settings/device_vendor_msft_policy_config_devicelock_minlength
             */
            path: string;
            /**
             * @description The value in the source; null when it has none.
             * @example 12
             */
            source_value: unknown;
            /**
             * @description The value in the target; null when it has none.
             * @example 8
             */
            target_value: unknown;
        };
        ChangeMemberRequest: {
            /**
             * @description Role in the workspace; only an owner may give or take owner.
             * @example manager
             * @enum {string}
             */
            role: "owner" | "manager" | "operator" | "readonly" | "support" | "customer";
        };
        ChangeTenantRequest: {
            /**
             * @description The Microsoft cloud it lives in.
             * @example global
             * @enum {string}
             */
            cloud?: "global" | "us_gov" | "us_gov_dod" | "china";
            /**
             * @description Name to show.
             * @example Fabrikam
             */
            display_name?: string;
        };
        ClientCertificateRequest: {
            /**
             * @description The certificate, PEM.
             * @example -----BEGIN CERTIFICATE-----…
             */
            certificate_pem: string;
            /**
             * @description The kind of credential. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            kind: "client_certificate";
            /**
             * @description Its RSA private key, unencrypted PEM.
             * @example -----BEGIN PRIVATE KEY-----…
             */
            private_key_pem: string;
        };
        ClientSecretRequest: {
            /**
             * @description The kind of credential. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            kind: "client_secret";
            /**
             * @description The client secret's value.
             * @example the-secret-value
             */
            secret: string;
        };
        CompareCounts: {
            /**
             * Format: int64
             * @description Equal in both.
             * @example 40
             */
            aligned: number;
            /**
             * Format: int64
             * @description More than one fits by name.
             * @example 1
             */
            ambiguous: number;
            /**
             * Format: int64
             * @description In both, and not equal.
             * @example 9
             */
            different: number;
            /**
             * Format: int64
             * @description Only in the source.
             * @example 5
             */
            missing_in_target: number;
            /**
             * Format: int64
             * @description Not read completely, or not comparable.
             * @example 2
             */
            not_evaluated: number;
            /**
             * Format: int64
             * @description Only in the target; never changed.
             * @example 3
             */
            only_in_target: number;
        };
        CompareItem: {
            /** @description How many fit by name on each side. */
            candidates: components["schemas"]["Candidates"];
            /**
             * @description What makes the state; empty when the state says it all.
             * @example [
             *       "content"
             *     ]
             */
            causes: ("content" | "assignments" | "name" | "source_unread" | "target_unread" | "secret" | "source_assignments" | "target_assignments")[];
            /**
             * @description Its name in the source, or in the target where it is only there.
             * @example Windows baseline
             */
            display_name: string;
            /** @description How the two sides were matched. */
            match: components["schemas"]["Match"];
            /**
             * @description Its policy type.
             * @example configuration_policies
             * @enum {string}
             */
            policy_type: "configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings";
            /**
             * Format: date-time
             * @description When the source's side was last read, or null.
             * @example 2026-11-24T09:00:00Z
             */
            source_captured_at: string | null;
            /**
             * Format: uuid
             * @description The version compared; null when there is none, or more than one candidate.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e31
             */
            source_version_id: string | null;
            /**
             * @description How it stands.
             * @example different
             * @enum {string}
             */
            state: "aligned" | "different" | "missing_in_target" | "only_in_target" | "ambiguous" | "not_evaluated";
            /**
             * @description Key of the subject under the selection's match rule.
             * @example configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6
             */
            subject_key: string;
            /**
             * Format: date-time
             * @description When the target's side was last read, or null.
             * @example 2026-11-24T09:00:00Z
             */
            target_captured_at: string | null;
            /**
             * Format: uuid
             * @description The version compared; null when there is none, or more than one candidate.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e32
             */
            target_version_id: string | null;
        };
        ConfirmationRequest: {
            /**
             * Format: int64
             * @description How many are left out: blocked and manual_mapping_required together.
             * @example 3
             */
            excluded: number;
            /**
             * Format: int64
             * @description How many subjects are ready.
             * @example 12
             */
            ready: number;
            /**
             * Format: uuid
             * @description The source.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23
             */
            source_tenant_id: string;
            /**
             * Format: uuid
             * @description The target.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            target_tenant_id: string;
        };
        Connection: {
            /** @description What the caller may do: update, verify. */
            actions: {
                [key: string]: components["schemas"]["Action"];
            };
            /**
             * Format: uuid
             * @description The application's id, or null.
             * @example 2f9c0c9e-8f0a-4e0c-a9d0-6a1a8c1d2b33
             */
            client_id: string | null;
            /**
             * @description Kind of the stored credential, or null.
             * @example client_secret
             * @enum {string|null}
             */
            credential_kind: "client_secret" | "client_certificate" | null;
            /**
             * @description Application permissions seen at the last check.
             * @example [
             *       "DeviceManagementConfiguration.ReadWrite.All"
             *     ]
             */
            granted_permissions: string[];
            /**
             * @description Application permissions that the directory has not granted.
             * @example []
             */
            missing_permissions: string[];
            /**
             * Format: int64
             * @description Counts the changes; 0 when none has been stored.
             * @example 1
             */
            revision: number;
            /**
             * @description What the last check found; none when no connection has been stored.
             * @example verified
             * @enum {string}
             */
            status: "none" | "unverified" | "verified" | "permission_missing" | "failed";
            /**
             * @description Why it is not verified, or null.
             * @example The directory has not granted every permission.
             */
            status_reason: string | null;
            /**
             * Format: uuid
             * @description The tenant.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            tenant_id: string;
            /**
             * Format: date-time
             * @description When it was last checked, or null.
             * @example 2026-11-24T09:00:00Z
             */
            verified_at: string | null;
            /**
             * @description Whether anything may be written to the tenant.
             * @example true
             */
            write_enabled: boolean;
        };
        Control: {
            /** @description What the caller may do: update. */
            actions: {
                [key: string]: components["schemas"]["Action"];
            };
            /** @description Who set it last, or null. */
            actor: components["schemas"]["Person"] | null;
            /**
             * @description Whether starts are refused at present, by either pause.
             * @example true
             */
            effective: boolean;
            /**
             * Format: date-time
             * @description When the pause ends by itself, or null.
             * @example 2026-12-01T09:00:00Z
             */
            expires_at: string | null;
            /** @description A pause of the whole installation, or null. */
            global: components["schemas"]["GlobalPause"] | null;
            /**
             * @description Words for people.
             * @example Promotion
             */
            label: string;
            /**
             * @description The kind of work.
             * @example promotion.execute
             * @enum {string}
             */
            operation_type: "connection.verify" | "inventory.sync" | "promotion.execute" | "report.permission_posture" | "report.entra_admin_roles" | "baseline.compare" | "evidence.collect" | "review.compose" | "review_pack.generate";
            /**
             * @description Whether the workspace has paused it.
             * @example true
             */
            paused: boolean;
            /**
             * @description Why, or null.
             * @example Change freeze
             */
            reason: string | null;
            /**
             * Format: int64
             * @description Counts the changes; 0 when it was never set.
             * @example 1
             */
            revision: number;
            /**
             * Format: date-time
             * @description When it was set last, or null.
             * @example 2026-11-24T09:00:00Z
             */
            updated_at: string | null;
        };
        ControlList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["Control"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        CreateTenantRequest: {
            /**
             * @description The Microsoft cloud it lives in.
             * @default global
             * @example global
             * @enum {string}
             */
            cloud?: "global" | "us_gov" | "us_gov_dod" | "china";
            /**
             * Format: uuid
             * @description The Entra tenant GUID.
             * @example 7f3c1c52-3f0e-4f5b-9d57-0b8a5f6a1e44
             */
            directory_id: string;
            /**
             * @description Name to show.
             * @example Fabrikam
             */
            display_name: string;
        };
        CreateTokenRequest: {
            /**
             * Format: date-time
             * @description When it ends; 90 days from now at the latest, which is the default.
             * @example 2027-02-22T09:00:00Z
             */
            expires_at?: string;
            /**
             * @description What it is for.
             * @example nightly report
             */
            name: string;
        };
        CreatedToken: {
            /**
             * Format: date-time
             * @description When it was created.
             * @example 2026-11-24T09:00:00Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends.
             * @example 2027-02-22T09:00:00Z
             */
            expires_at: string;
            /**
             * Format: uuid
             * @description Id of the token.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e25
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was last used, to the minute; null when never.
             * @example 2026-11-24T09:30:00Z
             */
            last_used_at: string | null;
            /**
             * @description What it is for.
             * @example nightly report
             */
            name: string;
            /**
             * @description How the secret begins, to recognise it by.
             * @example ta_pat_3kT9fQ2x
             */
            prefix: string;
            /**
             * @description What to send as Authorization: Bearer. It is never shown again.
             * @example ta_pat_3kT9fQ2x…
             */
            secret: string;
        };
        Diff: {
            /** @description The differences, by path. Empty when there are none, or only in values that are not readable. */
            changes: components["schemas"]["Change"][];
            /**
             * @description The subject.
             * @example configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6
             */
            subject_key: string;
            /**
             * @description Whether there are more differences than are listed.
             * @example false
             */
            truncated: boolean;
        };
        DiffRequest: {
            /**
             * @description Whether assignments are compared and carried over.
             * @default include
             * @example include
             * @enum {string}
             */
            assignments?: "include" | "exclude";
            /**
             * @description When two names are the same policy: exactly, or but for a version at their end.
             * @default exact_name
             * @example exact_name
             * @enum {string}
             */
            match_rule?: "exact_name" | "ignore_version_suffix";
            /**
             * @description Only these types; all of them when left out or empty.
             * @example [
             *       "configuration_policies"
             *     ]
             */
            policy_types?: ("configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings")[];
            /**
             * @description Only subjects whose name holds this, whatever its case.
             * @example baseline
             */
            q?: string;
            /**
             * Format: uuid
             * @description The tenant that policies are taken from.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23
             */
            source_tenant_id: string;
            /**
             * @description The subject.
             * @example configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6
             */
            subject_key: string;
            /**
             * @description Only these subjects; all of them when left out or empty.
             * @example [
             *       "configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6"
             *     ]
             */
            subject_keys?: string[];
            /**
             * Format: uuid
             * @description The tenant that would be changed.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            target_tenant_id: string;
        };
        GlobalPause: {
            /**
             * Format: date-time
             * @description When it ends by itself, or null.
             * @example 2026-12-01T09:00:00Z
             */
            expires_at: string | null;
            /**
             * @description Why.
             * @example Microsoft Graph incident
             */
            reason: string;
        };
        LastSync: {
            /**
             * Format: date-time
             * @description When it ended.
             * @example 2026-11-24T09:00:09Z
             */
            at: string;
            /**
             * @description How it ended.
             * @example succeeded
             * @enum {string}
             */
            outcome: "succeeded" | "partially_succeeded" | "failed" | "blocked" | "cancelled";
        };
        Match: {
            /**
             * @description How it was matched.
             * @example exact
             * @enum {string}
             */
            kind: "exact" | "normalised_name" | "none" | "ambiguous";
            /**
             * @description Its name in the target; null when it was not matched with exactly one.
             * @example Windows baseline
             */
            target_name: string | null;
        };
        Me: {
            /** @description The workspaces the caller belongs to, by name. */
            memberships: components["schemas"]["Membership"][];
            /** @description The caller's account. */
            user: components["schemas"]["User"];
        };
        Member: {
            /**
             * @description Name to show.
             * @example Robin Meyer
             */
            display_name: string;
            /**
             * @description Email address, lower case.
             * @example robin@example.com
             */
            email: string;
            /**
             * Format: int64
             * @description Counts the changes; the ETag in quotes.
             * @example 1
             */
            revision: number;
            /**
             * @description Role in the workspace.
             * @example operator
             * @enum {string}
             */
            role: "owner" | "manager" | "operator" | "readonly" | "support" | "customer";
            /**
             * Format: uuid
             * @description Id of the person.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24
             */
            user_id: string;
        };
        MemberList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["Member"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        Membership: {
            /**
             * @description What the role allows in the workspace.
             * @example [
             *       "workspace.view"
             *     ]
             */
            capabilities: string[];
            /**
             * @description Name of the workspace.
             * @example Contoso Managed Services
             */
            display_name: string;
            /**
             * @description The caller's role there.
             * @example operator
             * @enum {string}
             */
            role: "owner" | "manager" | "operator" | "readonly" | "support" | "customer";
            /** @description The tenants the caller is entitled to. */
            tenants: components["schemas"]["TenantAccess"][];
            /**
             * Format: uuid
             * @description Id of the workspace.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20
             */
            workspace_id: string;
        };
        MutationScope: {
            /**
             * Format: int64
             * @description How many policies would be created.
             * @example 3
             */
            creates: number;
            /**
             * @description The same in plain words.
             * @example Executing changes Fabrikam only: 3 policies are created and 2 updated. Nothing changes in Contoso, and nothing is deleted.
             */
            statement: string;
            /**
             * Format: uuid
             * @description The one tenant that would be changed.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            target_tenant_id: string;
            /**
             * Format: int64
             * @description How many policies would be updated.
             * @example 2
             */
            updates: number;
        };
        NamedReference: {
            /**
             * @description What it is.
             * @example group
             * @enum {string}
             */
            kind: "scope_tag" | "filter" | "named_location" | "notification_template" | "reusable_setting" | "compliance_script" | "certificate_profile" | "group" | "user" | "application" | "app" | "authentication_strength" | "terms_of_use" | "tenant";
            /**
             * @description Its name in the source; empty when not even the source knows it.
             * @example All devices
             */
            name: string;
        };
        NoFields: Record<string, never>;
        Notification: {
            /**
             * @description A sentence more; may be empty.
             * @example 12 policies were promoted.
             */
            body: string;
            /**
             * Format: date-time
             * @description When it happened.
             * @example 2026-11-24T09:00:00Z
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Id of the notification.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e26
             */
            id: string;
            /**
             * @description What kind of news it is.
             * @example operation.completed
             */
            kind: string;
            /**
             * Format: uuid
             * @description The operation it is about, or null.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21
             */
            operation_id: string | null;
            /**
             * Format: date-time
             * @description When it was read; null when unread.
             * @example 2026-11-24T09:05:00Z
             */
            read_at: string | null;
            /**
             * @description The news in a few words.
             * @example Promotion finished
             */
            title: string;
            /**
             * Format: uuid
             * @description The workspace it is about.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20
             */
            workspace_id: string;
        };
        NotificationList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["Notification"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        NotificationsRead: {
            /**
             * Format: int64
             * @description How many were unread before.
             * @example 3
             */
            marked: number;
        };
        Operation: {
            /** @description What may be done about it: cancel. */
            actions: {
                [key: string]: components["schemas"]["Action"];
            };
            /**
             * Format: date-time
             * @description When it ended.
             * @example 2026-11-24T09:00:09Z
             */
            completed_at: string | null;
            /**
             * Format: date-time
             * @description When it was started.
             * @example 2026-11-24T09:00:00Z
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Id of the operation.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21
             */
            id: string;
            /** @description Who started it; null for the system. */
            initiator: components["schemas"]["Person"] | null;
            /**
             * @description Words for people.
             * @example Inventory sync
             */
            label: string;
            /** @description Where more of it is. */
            links: components["schemas"]["OperationLinks"];
            /**
             * @description One sentence to show.
             * @example 12 of 12 policy types were read.
             */
            message: string | null;
            /**
             * @description What came of it; pending until it is completed.
             * @example pending
             * @enum {string}
             */
            outcome: "pending" | "succeeded" | "partially_succeeded" | "failed" | "blocked" | "cancelled";
            /**
             * @description Why it ended as it did, when that needs a word.
             * @example operation_paused
             */
            reason_code: string | null;
            /**
             * Format: uuid
             * @description The source of a promotion, else null.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23
             */
            source_tenant_id: string | null;
            /**
             * Format: date-time
             * @description When a worker first took it up.
             * @example 2026-11-24T09:00:01Z
             */
            started_at: string | null;
            /**
             * @description Where it is in its life.
             * @example running
             * @enum {string}
             */
            status: "queued" | "running" | "completed";
            /** @description How many items it has and what became of them. */
            summary_counts: components["schemas"]["OperationCounts"];
            /**
             * Format: uuid
             * @description The target of a promotion, else null.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            target_tenant_id: string | null;
            /**
             * Format: uuid
             * @description The tenant it is about; for a promotion the target.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            tenant_id: string | null;
            /**
             * @description What kind of work it is.
             * @example inventory.sync
             * @enum {string}
             */
            type: "connection.verify" | "inventory.sync" | "promotion.execute" | "report.permission_posture" | "report.entra_admin_roles" | "baseline.compare" | "evidence.collect" | "review.compose" | "review_pack.generate";
            /** @description What it waits for, or null. */
            waiting_on: components["schemas"]["OperationWait"] | null;
        };
        OperationCounts: {
            /**
             * Format: int64
             * @description Objects created.
             * @example 3
             */
            created: number;
            /**
             * Format: int64
             * @description Items that failed.
             * @example 0
             */
            failed: number;
            /**
             * Format: int64
             * @description Items with a verdict.
             * @example 4
             */
            processed: number;
            /**
             * Format: int64
             * @description Items that were left out, each with a reason.
             * @example 0
             */
            skipped: number;
            /**
             * Format: int64
             * @description Items that ended well.
             * @example 4
             */
            succeeded: number;
            /**
             * Format: int64
             * @description All items.
             * @example 12
             */
            total: number;
            /**
             * Format: int64
             * @description Objects that already stood as they should.
             * @example 0
             */
            unchanged: number;
            /**
             * Format: int64
             * @description Objects updated.
             * @example 1
             */
            updated: number;
        };
        OperationItem: {
            /**
             * @description What is to be done with it.
             * @example update
             */
            action: string;
            /**
             * Format: int64
             * @description How often it was tried.
             * @example 1
             */
            attempts: number;
            /**
             * @description What a success did, or null.
             * @example updated
             * @enum {string|null}
             */
            effect: "created" | "updated" | "unchanged" | null;
            /**
             * Format: date-time
             * @description When it was decided, or null.
             * @example 2026-11-24T09:00:04Z
             */
            finished_at: string | null;
            /**
             * @description Words for people.
             * @example Windows baseline
             */
            label: string;
            /**
             * @description The reason in words, or null.
             * @example The target changed after the preflight, so nothing was written.
             */
            message: string | null;
            /**
             * Format: int64
             * @description Its place in the plan, from 1.
             * @example 3
             */
            ordinal: number;
            /**
             * @description The kind of policy, or null.
             * @example configuration_policies
             */
            policy_type: string | null;
            /**
             * @description Why it failed or was skipped, or null.
             * @example target_changed
             */
            reason_code: string | null;
            /**
             * Format: date-time
             * @description When it was begun, or null.
             * @example 2026-11-24T09:00:02Z
             */
            started_at: string | null;
            /**
             * @description Where it is.
             * @example succeeded
             * @enum {string}
             */
            status: "pending" | "in_progress" | "succeeded" | "failed" | "skipped";
            /**
             * @description The governed subject, or null.
             * @example configuration_policies:9f2b61c0
             */
            subject_key: string | null;
            /**
             * @description The object in the target, or null.
             * @example 4d5e1f1c-93a4-4d13-8c57-5b1d7ce8d0aa
             */
            target_object_id: string | null;
        };
        OperationItemList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["OperationItem"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        OperationLinks: {
            /**
             * Format: uri-reference
             * @description Its event stream.
             * @example /api/v1/workspaces/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20/operations/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21/events
             */
            events: string;
            /**
             * Format: uri-reference
             * @description Its items.
             * @example /api/v1/workspaces/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20/operations/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21/items
             */
            items: string;
            /**
             * Format: uri-reference
             * @description The operation.
             * @example /api/v1/workspaces/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20/operations/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21
             */
            self: string;
            /**
             * Format: uri-reference
             * @description Its page.
             * @example /workspaces/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20/operations/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21
             */
            web: string;
        };
        OperationList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["Operation"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        OperationWait: {
            /**
             * @description What kind of wait it is.
             * @example throttle
             * @enum {string}
             */
            kind: "lease" | "throttle" | "control" | "retry";
            /**
             * @description Words for people.
             * @example Waiting for Microsoft Graph
             */
            label: string;
            /**
             * Format: date-time
             * @description Since when.
             * @example 2026-11-24T09:00:05Z
             */
            since: string;
        };
        Person: {
            /**
             * @description Name to show.
             * @example Robin Meyer
             */
            display_name: string;
            /**
             * Format: uuid
             * @description Id of the person.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24
             */
            id: string;
        };
        PolicyType: {
            /**
             * @description Where Microsoft Graph keeps them, without the version.
             * @example /deviceManagement/configurationPolicies
             */
            graph_path: string;
            /**
             * @description The type's key.
             * @example configuration_policies
             * @enum {string}
             */
            key: "configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings";
            /**
             * @description Words for people, plural.
             * @example Settings catalog policies
             */
            label: string;
            /**
             * @description Whether they can be promoted.
             * @example true
             */
            promotable: boolean;
            /**
             * @description Whether a sync reads them.
             * @example true
             */
            readable: boolean;
            /**
             * @description Why they cannot be promoted; null when they can.
             * @example Microsoft has closed this family to creation and management; recreate the policy in the settings catalog.
             */
            why_not: string | null;
        };
        PolicyTypeList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["PolicyType"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        Preflight: {
            /** @description What the caller may do: execute. */
            actions: {
                [key: string]: components["schemas"]["Action"];
            };
            /** @description How many subjects of the whole selection are in each bucket. */
            counts: components["schemas"]["ProblemCounts"];
            /**
             * @description Whether at least one subject is ready.
             * @example true
             */
            executable: boolean;
            /**
             * @description Changes with anything that would change what a promotion does; send it to execute.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            fingerprint: string;
            /**
             * Format: date-time
             * @description When it was generated.
             * @example 2026-11-24T09:00:00Z
             */
            generated_at: string;
            /** @description The subjects of this page, by type and name; without those that are only in the target. */
            items: components["schemas"]["PreflightItem"][];
            /** @description What executing would touch. */
            mutation_scope: components["schemas"]["MutationScope"];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
            /** @description The one dominant next step. */
            primary_action: components["schemas"]["PrimaryAction"] | null;
            /**
             * @description The rules it was judged by.
             * @example 2026-11.1
             */
            rule_version: string;
        };
        PreflightItem: {
            /**
             * @description What would be done with it.
             * @example create
             * @enum {string}
             */
            action: "create" | "update" | "none";
            /**
             * @description Whether it would be promoted.
             * @example ready
             * @enum {string}
             */
            bucket: "ready" | "blocked" | "manual_mapping_required" | "aligned";
            /**
             * @description Its name in the source.
             * @example Windows baseline
             */
            display_name: string;
            /** @description How it was matched with the target. */
            match: components["schemas"]["Match"];
            /**
             * @description Its policy type.
             * @example configuration_policies
             * @enum {string}
             */
            policy_type: "configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings";
            /** @description Why it is not ready; empty when it is. */
            reasons: components["schemas"]["PreflightReason"][];
            /**
             * @description Key of the subject under the selection's match rule.
             * @example configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6
             */
            subject_key: string;
        };
        PreflightReason: {
            /**
             * @description The reason.
             * @example group_not_found
             * @enum {string}
             */
            code: "endpoint_retired" | "type_unsupported" | "read_only_object" | "secret_not_exportable" | "tenant_bound_value" | "content_not_exportable" | "permission_missing" | "approval_required" | "template_inactive" | "immutable_change" | "name_conflict" | "name_invalid" | "assignment_kind_unsupported" | "autopilot_all_devices_conflict" | "ca_lockout_risk" | "security_defaults_on" | "source_stale" | "source_incomplete" | "target_unreadable" | "dependency_blocked" | "target_ambiguous" | "assignments_would_be_removed" | "group_not_found" | "group_ambiguous" | "user_not_found" | "filter_not_found" | "scope_tag_not_found" | "notification_template_not_found" | "compliance_script_not_found" | "reusable_setting_not_found" | "app_not_found" | "app_ambiguous" | "named_location_not_found" | "terms_of_use_not_found" | "auth_strength_not_found" | "certificate_ambiguous";
            /**
             * @description What is wrong and what would change it.
             * @example A group it refers to does not exist in the target under that name.
             */
            message: string;
            /** @description The one thing it is about, or null. */
            reference: components["schemas"]["NamedReference"] | null;
        };
        PreflightRequest: {
            /**
             * @description Whether assignments are compared and carried over.
             * @default include
             * @example include
             * @enum {string}
             */
            assignments?: "include" | "exclude";
            /**
             * @description Only items in these buckets; all of them when left out or empty. Counts cover all buckets.
             * @example [
             *       "blocked"
             *     ]
             */
            buckets?: ("ready" | "blocked" | "manual_mapping_required" | "aligned")[];
            /**
             * @description Where the next page begins: next_cursor of the page before.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            cursor?: string;
            /**
             * Format: int64
             * @description How many items at most.
             * @default 50
             * @example 50
             */
            limit?: number;
            /**
             * @description When two names are the same policy: exactly, or but for a version at their end.
             * @default exact_name
             * @example exact_name
             * @enum {string}
             */
            match_rule?: "exact_name" | "ignore_version_suffix";
            /**
             * @description Only these types; all of them when left out or empty.
             * @example [
             *       "configuration_policies"
             *     ]
             */
            policy_types?: ("configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings")[];
            /**
             * @description Only subjects whose name holds this, whatever its case.
             * @example baseline
             */
            q?: string;
            /**
             * Format: uuid
             * @description The tenant that policies are taken from.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23
             */
            source_tenant_id: string;
            /**
             * @description Only these subjects; all of them when left out or empty.
             * @example [
             *       "configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6"
             *     ]
             */
            subject_keys?: string[];
            /**
             * Format: uuid
             * @description The tenant that would be changed.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            target_tenant_id: string;
        };
        Preview: {
            /** @description How many subjects of the whole selection are in each state. */
            counts: components["schemas"]["CompareCounts"];
            /** @description The subjects of this page, by type and name. */
            items: components["schemas"]["CompareItem"][];
            /** @description The newest promotion from this source to this target that the caller may see, or null. */
            latest_operation: components["schemas"]["Operation"] | null;
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
            /** @description The one dominant next step; null when source and target are the same. */
            primary_action: components["schemas"]["PrimaryAction"] | null;
            /** @description What was compared, in canonical form. */
            selection: components["schemas"]["Selection"];
            /** @description The source. */
            source: components["schemas"]["TenantSummary"];
            /** @description The target. */
            target: components["schemas"]["TenantSummary"];
        };
        PreviewRequest: {
            /**
             * @description Whether assignments are compared and carried over.
             * @default include
             * @example include
             * @enum {string}
             */
            assignments?: "include" | "exclude";
            /**
             * @description Where the next page begins: next_cursor of the page before.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            cursor?: string;
            /**
             * Format: int64
             * @description How many items at most.
             * @default 50
             * @example 50
             */
            limit?: number;
            /**
             * @description When two names are the same policy: exactly, or but for a version at their end.
             * @default exact_name
             * @example exact_name
             * @enum {string}
             */
            match_rule?: "exact_name" | "ignore_version_suffix";
            /**
             * @description Only these types; all of them when left out or empty.
             * @example [
             *       "configuration_policies"
             *     ]
             */
            policy_types?: ("configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings")[];
            /**
             * @description Only subjects whose name holds this, whatever its case.
             * @example baseline
             */
            q?: string;
            /**
             * Format: uuid
             * @description The tenant that policies are taken from.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23
             */
            source_tenant_id: string;
            /**
             * @description Only items in these states; all of them when left out or empty. Counts cover all states.
             * @example [
             *       "different"
             *     ]
             */
            states?: ("aligned" | "different" | "missing_in_target" | "only_in_target" | "ambiguous" | "not_evaluated")[];
            /**
             * @description Only these subjects; all of them when left out or empty.
             * @example [
             *       "configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6"
             *     ]
             */
            subject_keys?: string[];
            /**
             * Format: uuid
             * @description The tenant that would be changed.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            target_tenant_id: string;
        };
        PrimaryAction: {
            /**
             * @description Whether to ask before doing it.
             * @example false
             */
            confirmation_required: boolean;
            /**
             * @description Where a link leads; null for a mutation.
             * @example /workspaces/0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20/promotions
             */
            href: string | null;
            /**
             * @description Whether it changes something or leads somewhere.
             * @example mutation
             * @enum {string}
             */
            kind: "mutation" | "link";
            /**
             * @description Words for the button.
             * @example Generate preflight
             */
            label: string;
            /**
             * @description What it does.
             * @example generate_preflight
             * @enum {string}
             */
            name: "generate_preflight" | "execute_promotion" | "resolve_publication_blockers" | "publish_review" | "start_step" | "retry_step" | "open_operation" | "open_page" | "return_to_publication";
        };
        Problem: {
            /** @description With publication_blocked: the unmet requirements. */
            blockers?: components["schemas"]["ProblemBlocker"][];
            /** @description With preflight_stale: what moved. */
            changes?: components["schemas"]["ProblemChanges"];
            /**
             * @description Stable code to switch on.
             * @example invalid_input
             * @enum {string}
             */
            code: "body_too_large" | "composition_not_current" | "confirmation_mismatch" | "confirmation_required" | "conflict" | "cursor_stale" | "directory_already_registered" | "forbidden" | "idempotency_in_progress" | "idempotency_key_reused" | "internal" | "invalid_input" | "method_not_allowed" | "no_ready_subjects" | "not_found" | "operation_blocked" | "operation_completed" | "precondition_failed" | "precondition_required" | "preflight_stale" | "publication_blocked" | "rate_limited" | "readiness_changed" | "same_tenant" | "scope_busy" | "secret_already_shown" | "step_not_current" | "step_not_startable" | "unauthenticated" | "unavailable" | "unsupported_media_type";
            /** @description With confirmation_mismatch and no_ready_subjects: the present counts. */
            counts?: components["schemas"]["ProblemCounts"];
            /**
             * @description What happened this time, and the way out.
             * @example Correct the marked fields and send the request again.
             */
            detail: string;
            /** @description The fields to correct; empty when the problem is not about fields. */
            errors: components["schemas"]["ProblemFieldError"][];
            /** @description With scope_busy: the active operation, when the caller may see it. */
            operation?: components["schemas"]["Operation"] | null;
            /**
             * @description With operation_blocked: why it may not start.
             * @example write_disabled
             * @enum {string}
             */
            reason_code?: "operation_paused" | "connection_unverified" | "write_disabled" | "permission_missing" | "tenant_archived";
            /**
             * @description Names this request in our logs; tell it to support.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21
             */
            request_id: string;
            /**
             * Format: int64
             * @description The HTTP status of this answer.
             * @example 422
             */
            status: number;
            /**
             * @description Short name of the kind of problem; always the same for a code.
             * @example Invalid input
             */
            title: string;
            /**
             * Format: uri-reference
             * @description Address of a page about this kind of problem.
             * @example /problems/invalid-input
             */
            type: string;
        };
        ProblemBlocker: {
            /**
             * @description Who has to act.
             * @example operator
             * @enum {string}
             */
            awaiting: "operator" | "system" | "external";
            /**
             * @description The requirement.
             * @example permission_posture
             */
            key: string;
            /**
             * @description What is missing.
             * @example The permission posture report is older than the period.
             */
            statement: string;
            /**
             * @description The step of the resolution case that removes it, if there is one.
             * @example permission_posture
             */
            step_key: string | null;
        };
        ProblemChangedSubject: {
            /**
             * @description Name of the subject.
             * @example Windows baseline
             */
            display_name: string;
            /**
             * @description Where it moved.
             * @example target
             * @enum {string}
             */
            side: "source" | "target";
            /**
             * @description Key of the subject.
             * @example device_configuration/windows baseline
             */
            subject_key: string;
        };
        ProblemChanges: {
            /** @description Counts as they are at present. */
            counts_now: components["schemas"]["ProblemCounts"];
            /** @description Counts of the confirmed preflight, when it is known. */
            counts_then: components["schemas"]["ProblemCounts"] | null;
            /**
             * @description The product's own rules have changed.
             * @example false
             */
            rule_changed: boolean;
            /**
             * @description The selection is not the one of the preflight.
             * @example false
             */
            selection_changed: boolean;
            /**
             * Format: int64
             * @description How many subjects of the source were versioned or deleted since.
             * @example 0
             */
            source: number;
            /** @description The first subjects that moved. */
            subjects: components["schemas"]["ProblemChangedSubject"][];
            /**
             * Format: int64
             * @description How many subjects of the target were versioned or deleted since.
             * @example 3
             */
            target: number;
            /**
             * @description No preflight with this fingerprint is known.
             * @example false
             */
            unknown_preflight: boolean;
        };
        ProblemCounts: {
            /**
             * Format: int64
             * @description Subjects that already stand as they should.
             * @example 40
             */
            aligned: number;
            /**
             * Format: int64
             * @description Subjects that cannot be promoted.
             * @example 2
             */
            blocked: number;
            /**
             * Format: int64
             * @description Subjects that need a decision of yours first.
             * @example 1
             */
            manual_mapping_required: number;
            /**
             * Format: int64
             * @description Subjects that would be promoted.
             * @example 12
             */
            ready: number;
        };
        ProblemFieldError: {
            /**
             * @description Where the trouble is: path, query, header or body, then the name.
             * @example body.display_name
             */
            location: string;
            /**
             * @description What is expected there.
             * @example expected length >= 1
             */
            message: string;
        };
        PutConnectionRequest: {
            /**
             * Format: uuid
             * @description Id of the application registered in the directory.
             * @example 2f9c0c9e-8f0a-4e0c-a9d0-6a1a8c1d2b33
             */
            client_id: string;
            /** @description How the application proves itself; it can be replaced but never read. */
            credential: components["schemas"]["ClientSecretRequest"] | components["schemas"]["ClientCertificateRequest"];
            /**
             * @description Whether anything may be written to the tenant.
             * @example true
             */
            write_enabled: boolean;
        };
        PutControlRequest: {
            /**
             * Format: date-time
             * @description When the pause ends by itself; null or left out: when somebody resumes.
             * @example 2026-12-01T09:00:00Z
             */
            expires_at?: string;
            /**
             * @description Whether it shall be paused.
             * @example true
             */
            paused: boolean;
            /**
             * @description Why; needed for a pause.
             * @example Change freeze
             */
            reason?: string;
        };
        ReadNotificationsRequest: {
            /**
             * @description The notifications; all of the caller's when left out.
             * @example [
             *       "0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e26"
             *     ]
             */
            ids?: string[];
        };
        Selection: {
            /**
             * @description Whether assignments take part.
             * @example include
             * @enum {string}
             */
            assignments: "include" | "exclude";
            /**
             * @description When two names are the same policy.
             * @example exact_name
             * @enum {string}
             */
            match_rule: "exact_name" | "ignore_version_suffix";
            /**
             * @description Only these types; empty means all.
             * @example [
             *       "configuration_policies"
             *     ]
             */
            policy_types: ("configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings")[];
            /**
             * @description Only names that hold this; empty means all.
             * @example baseline
             */
            q: string;
            /**
             * Format: uuid
             * @description The tenant that policies are taken from.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23
             */
            source_tenant_id: string;
            /**
             * @description Only these subjects; empty means all.
             * @example [
             *       "configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6"
             *     ]
             */
            subject_keys: string[];
            /**
             * Format: uuid
             * @description The tenant that would be changed.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            target_tenant_id: string;
        };
        SelectionRequest: {
            /**
             * @description Whether assignments are compared and carried over.
             * @default include
             * @example include
             * @enum {string}
             */
            assignments?: "include" | "exclude";
            /**
             * @description When two names are the same policy: exactly, or but for a version at their end.
             * @default exact_name
             * @example exact_name
             * @enum {string}
             */
            match_rule?: "exact_name" | "ignore_version_suffix";
            /**
             * @description Only these types; all of them when left out or empty.
             * @example [
             *       "configuration_policies"
             *     ]
             */
            policy_types?: ("configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings")[];
            /**
             * @description Only subjects whose name holds this, whatever its case.
             * @example baseline
             */
            q?: string;
            /**
             * Format: uuid
             * @description The tenant that policies are taken from.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e23
             */
            source_tenant_id: string;
            /**
             * @description Only these subjects; all of them when left out or empty.
             * @example [
             *       "configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6"
             *     ]
             */
            subject_keys?: string[];
            /**
             * Format: uuid
             * @description The tenant that would be changed.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            target_tenant_id: string;
        };
        Session: {
            /**
             * Format: date-time
             * @description When the session ends at the latest; an idle one ends earlier.
             * @example 2026-11-24T21:00:00Z
             */
            expires_at: string;
            /** @description Who is signed in. */
            user: components["schemas"]["User"];
        };
        SignInRequest: {
            /**
             * @description The account's email address.
             * @example robin@example.com
             */
            email: string;
            /**
             * @description The account's password.
             * @example correct horse battery staple
             */
            password: string;
        };
        StartPromotionRequest: {
            /** @description What was confirmed, as the preflight showed it. */
            confirmation: components["schemas"]["ConfirmationRequest"];
            /**
             * @description The fingerprint of the preflight.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            preflight_fingerprint: string;
            /** @description The selection of the preflight. */
            selection: components["schemas"]["SelectionRequest"];
        };
        StartResult: {
            /**
             * @description One sentence to show.
             * @example The sync was queued.
             */
            message: string;
            /** @description The operation that does the work. */
            operation: components["schemas"]["Operation"];
            /**
             * @description queued: a new operation was started; deduplicated: the same one was already active and is returned.
             * @example queued
             * @enum {string}
             */
            result: "queued" | "deduplicated";
        };
        Subject: {
            /** @description Whom it is assigned to, in numbers. */
            assignments: components["schemas"]["SubjectAssignments"];
            /**
             * @description Digest of the newest version.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            content_hash: string;
            /**
             * Format: date-time
             * @description When the tenant was seen without it, or null.
             * @example 2026-12-01T09:00:00Z
             */
            deleted_at: string | null;
            /**
             * @description Its name in the tenant.
             * @example Windows baseline
             */
            display_name: string;
            /**
             * Format: date-time
             * @description When it was first read.
             * @example 2026-11-24T09:00:00Z
             */
            first_seen_at: string;
            /**
             * Format: uuid
             * @description Id of the subject.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e30
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was last read.
             * @example 2026-11-24T09:00:00Z
             */
            last_read_at: string;
            /**
             * @description Its id in Microsoft Graph.
             * @example 5b1c7a0e-3f0e-4f5b-9d57-0b8a5f6a1e44
             */
            object_id: string;
            /**
             * @description Its concrete Graph type, or null.
             * @example microsoft.graph.windows10GeneralConfiguration
             */
            odata_type: string | null;
            /**
             * @description Its policy type.
             * @example configuration_policies
             * @enum {string}
             */
            policy_type: "configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings";
            /**
             * @description What compare and promotion call it, by exact name.
             * @example configuration_policies:5a0f3c1de2b7489695d0c1f2a3b4c5d6
             */
            subject_key: string;
            /**
             * Format: uuid
             * @description Its newest version.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e31
             */
            version_id: string;
        };
        SubjectAssignments: {
            /**
             * Format: int64
             * @description How many of them exclude a group.
             * @example 1
             */
            exclusions: number;
            /**
             * @description Whether they could be read.
             * @example true
             */
            read: boolean;
            /**
             * Format: int64
             * @description How many there are.
             * @example 2
             */
            total: number;
        };
        SubjectList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["Subject"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        SyncRequest: {
            /**
             * @description Only these types; all of them when left out or empty.
             * @example [
             *       "configuration_policies"
             *     ]
             */
            policy_types?: ("configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings")[];
        };
        Tenant: {
            /** @description What the caller may do: update, archive, connect, sync, manage_members. */
            actions: {
                [key: string]: components["schemas"]["Action"];
            };
            /**
             * Format: date-time
             * @description When it was taken out of use, or null.
             * @example 2026-12-01T09:00:00Z
             */
            archived_at: string | null;
            /**
             * @description The Microsoft cloud it lives in.
             * @example global
             * @enum {string}
             */
            cloud: "global" | "us_gov" | "us_gov_dod" | "china";
            /**
             * Format: date-time
             * @description When it was registered.
             * @example 2026-11-24T09:00:00Z
             */
            created_at: string;
            /**
             * Format: uuid
             * @description The Entra tenant GUID.
             * @example 7f3c1c52-3f0e-4f5b-9d57-0b8a5f6a1e44
             */
            directory_id: string;
            /**
             * @description Name to show.
             * @example Fabrikam
             */
            display_name: string;
            /**
             * Format: uuid
             * @description Id of the tenant.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            id: string;
            /**
             * Format: int64
             * @description Counts the changes; the ETag in quotes.
             * @example 1
             */
            revision: number;
        };
        TenantAccess: {
            /**
             * @description What the caller may do in the tenant.
             * @example [
             *       "tenant.view",
             *       "tenant.sync"
             *     ]
             */
            capabilities: string[];
            /**
             * @description Name of the tenant.
             * @example Fabrikam
             */
            display_name: string;
            /**
             * @description The caller's role in the tenant, by membership or by workspace role.
             * @example operator
             * @enum {string}
             */
            role: "manager" | "operator" | "reader";
            /**
             * Format: uuid
             * @description Id of the tenant.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            tenant_id: string;
        };
        TenantList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["Tenant"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        TenantMember: {
            /**
             * @description Name to show.
             * @example Robin Meyer
             */
            display_name: string;
            /**
             * @description Email address, lower case.
             * @example robin@example.com
             */
            email: string;
            /**
             * Format: int64
             * @description Counts the changes; the ETag in quotes.
             * @example 1
             */
            revision: number;
            /**
             * @description Role in the tenant.
             * @example operator
             * @enum {string}
             */
            role: "manager" | "operator" | "reader";
            /**
             * Format: uuid
             * @description Id of the person.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24
             */
            user_id: string;
        };
        TenantMemberList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["TenantMember"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        TenantSummary: {
            /**
             * @description What the last check of its connection found.
             * @example verified
             * @enum {string}
             */
            connection_status: "none" | "unverified" | "verified" | "permission_missing" | "failed";
            /**
             * Format: uuid
             * @description The Entra tenant GUID.
             * @example 7f3c1c52-3f0e-4f5b-9d57-0b8a5f6a1e44
             */
            directory_id: string;
            /**
             * @description Name to show.
             * @example Fabrikam
             */
            display_name: string;
            /**
             * Format: uuid
             * @description Id of the tenant.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e22
             */
            id: string;
            /** @description The newest sync that ended, or null. */
            last_sync: components["schemas"]["LastSync"] | null;
            /**
             * @description Types of the selection that were not read completely; nothing is concluded about them.
             * @example [
             *       "intents"
             *     ]
             */
            not_evaluated_types: ("configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings")[];
        };
        Token: {
            /**
             * Format: date-time
             * @description When it was created.
             * @example 2026-11-24T09:00:00Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends.
             * @example 2027-02-22T09:00:00Z
             */
            expires_at: string;
            /**
             * Format: uuid
             * @description Id of the token.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e25
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was last used, to the minute; null when never.
             * @example 2026-11-24T09:30:00Z
             */
            last_used_at: string | null;
            /**
             * @description What it is for.
             * @example nightly report
             */
            name: string;
            /**
             * @description How the secret begins, to recognise it by.
             * @example ta_pat_3kT9fQ2x
             */
            prefix: string;
        };
        TokenList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["Token"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        User: {
            /**
             * @description Name to show.
             * @example Robin Meyer
             */
            display_name: string;
            /**
             * @description Email address, lower case.
             * @example robin@example.com
             */
            email: string;
            /**
             * Format: uuid
             * @description Id of the account.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e24
             */
            id: string;
        };
        Version: {
            /**
             * Format: date-time
             * @description When it was read.
             * @example 2026-11-24T09:00:00Z
             */
            captured_at: string;
            /**
             * @description Digest of content, references and assignments.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            content_hash: string;
            /**
             * @description The name at that time.
             * @example Windows baseline
             */
            display_name: string;
            /**
             * Format: uuid
             * @description Id of the version.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e31
             */
            id: string;
            /**
             * Format: uuid
             * @description The operation that read it.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21
             */
            operation_id: string;
            /**
             * @description Its policy type.
             * @example configuration_policies
             * @enum {string}
             */
            policy_type: "configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings";
            /**
             * Format: uuid
             * @description The subject it is of.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e30
             */
            subject_id: string;
        };
        VersionDetail: {
            /**
             * Format: date-time
             * @description When it was read.
             * @example 2026-11-24T09:00:00Z
             */
            captured_at: string;
            /**
             * @description Digest of content, references and assignments.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            content_hash: string;
            /**
             * @description The name at that time.
             * @example Windows baseline
             */
            display_name: string;
            /**
             * Format: uuid
             * @description Id of the version.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e31
             */
            id: string;
            /**
             * Format: uuid
             * @description The operation that read it.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e21
             */
            operation_id: string;
            /**
             * @description Its policy type.
             * @example configuration_policies
             * @enum {string}
             */
            policy_type: "configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings";
            /** @description The object as Microsoft Graph returned it. */
            raw: unknown;
            /** @description The other objects it names by id. */
            references: components["schemas"]["VersionReference"][];
            /**
             * Format: uuid
             * @description The subject it is of.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e30
             */
            subject_id: string;
        };
        VersionList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["Version"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        VersionReference: {
            /**
             * @description Its id in the tenant.
             * @example 1f0b6a2c-3f0e-4f5b-9d57-0b8a5f6a1e44
             */
            id: string;
            /**
             * @description What kind of object it is.
             * @example group
             * @enum {string}
             */
            kind: "scope_tag" | "filter" | "named_location" | "notification_template" | "reusable_setting" | "compliance_script" | "certificate_profile" | "group" | "user" | "application" | "app" | "authentication_strength" | "terms_of_use" | "tenant";
            /**
             * @description Its name when the version was read; null when it was not known.
             * @example All devices
             */
            name: string | null;
            /**
             * @description Where it is named.
             * @example assignments
             * @enum {string}
             */
            part: "content" | "assignments";
        };
        Workspace: {
            /**
             * Format: date-time
             * @description When it was created.
             * @example 2026-11-24T09:00:00Z
             */
            created_at: string;
            /**
             * @description Name to show.
             * @example Contoso Managed Services
             */
            display_name: string;
            /**
             * Format: uuid
             * @description Id of the workspace.
             * @example 0199b2f0-6c1e-7c35-9d1a-3f5f4a0c7e20
             */
            id: string;
            /**
             * Format: int64
             * @description Counts the changes; the ETag in quotes.
             * @example 7
             */
            revision: number;
        };
        WorkspaceList: {
            /** @description The items of this page, in a stable order. */
            items: components["schemas"]["Workspace"][];
            /**
             * @description Send it as cursor to get the next page; null on the last one.
             * @example eyJhIjoiMDE5OSJ9.c2lnbmF0dXJl
             */
            next_cursor: string | null;
        };
        WorkspaceRequest: {
            /**
             * @description Name to show.
             * @example Contoso Managed Services
             */
            display_name: string;
        };
    };
    responses: {
        /** @description Bad Request: `invalid_input`. */
        Problem400: {
            headers: {
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unauthorized: `unauthenticated`. */
        Problem401: {
            headers: {
                /** @description How to authenticate. */
                "WWW-Authenticate"?: string;
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Forbidden: `forbidden`. */
        Problem403: {
            headers: {
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not Found: `not_found`. */
        Problem404: {
            headers: {
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict: `conflict`, `idempotency_in_progress`, `secret_already_shown`, `cursor_stale`, `directory_already_registered`, `scope_busy`, `operation_blocked`, `preflight_stale`, `operation_completed`, `composition_not_current`, `publication_blocked`, `readiness_changed`, `step_not_current`. */
        Problem409: {
            headers: {
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Precondition Failed: `precondition_failed`. */
        Problem412: {
            headers: {
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Request Entity Too Large: `body_too_large`. */
        Problem413: {
            headers: {
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unsupported Media Type: `unsupported_media_type`. */
        Problem415: {
            headers: {
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unprocessable Entity: `invalid_input`, `idempotency_key_reused`, `same_tenant`, `confirmation_mismatch`, `confirmation_required`, `no_ready_subjects`, `step_not_startable`. */
        Problem422: {
            headers: {
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Precondition Required: `precondition_required`. */
        Problem428: {
            headers: {
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too Many Requests: `rate_limited`. */
        Problem429: {
            headers: {
                /** @description Seconds to wait before repeating the request. */
                "Retry-After"?: string;
                /** @description Requests per minute. */
                "X-RateLimit-Limit"?: string;
                /** @description Requests left at present. */
                "X-RateLimit-Remaining"?: string;
                /** @description Seconds until all are available again. */
                "X-RateLimit-Reset"?: string;
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Internal Server Error: `internal`. */
        Problem500: {
            headers: {
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Service Unavailable: `unavailable`. */
        Problem503: {
            headers: {
                /** @description Seconds to wait before repeating the request. */
                "Retry-After"?: string;
                /** @description The request_id of the problem. */
                "X-Request-Id"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "get-me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-my-notifications": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationList"];
                };
            };
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "read-my-notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReadNotificationsRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationsRead"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-my-tokens": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "create-my-token": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeated request safe: within 24 hours, the same key with the same body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTokenRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "revoke-my-token": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the token. */
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-policy-types": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyTypeList"];
                };
            };
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-workspaces": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceList"];
                };
            };
            401: components["responses"]["Problem401"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "create-workspace": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeated request safe: within 24 hours, the same key with the same body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkspaceRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "get-workspace": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "update-workspace": {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the revision that this change is based on. */
                "If-Match": string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkspaceRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-audit-events": {
        parameters: {
            query?: {
                /** @description Only this action. */
                action?: string;
                /** @description Only what this person did. */
                actor_id?: string;
                /** @description Only what is about this tenant. */
                tenant_id?: string;
                /** @description Only what belongs to this operation. */
                operation_id?: string;
                /** @description Only what happened then or later. */
                since?: string;
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "export-audit-events": {
        parameters: {
            query?: {
                /** @description Only this action. */
                action?: string;
                /** @description Only what this person did. */
                actor_id?: string;
                /** @description Only what is about this tenant. */
                tenant_id?: string;
                /** @description Only what belongs to this operation. */
                operation_id?: string;
                /** @description Only what happened then or later. */
                since?: string;
            };
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events, one AuditEvent per line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "diff-subject": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiffRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Diff"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "generate-preflight": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreflightRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preflight"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "preview-comparison": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "start-promotion": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeated request safe: within 24 hours, the same key with the same body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartPromotionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartResult"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartResult"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "stream-events": {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event received; the stream resumes after it. */
                "Last-Event-ID"?: number;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events; the id of each is the Last-Event-ID to resume after. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example event: ping
                     *     data: {}
                     */
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-members": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "add-member": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeated request safe: within 24 hours, the same key with the same body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddMemberRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "remove-member": {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the revision that this change is based on. */
                "If-Match": string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the person. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "change-member": {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the revision that this change is based on. */
                "If-Match": string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the person. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeMemberRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-operational-controls": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ControlList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "put-operational-control": {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the revision that this change is based on. */
                "If-Match"?: string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description The kind of work. */
                operation_type: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutControlRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Control"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-operations": {
        parameters: {
            query?: {
                /** @description Only this kind of work. */
                type?: "connection.verify" | "inventory.sync" | "promotion.execute" | "report.permission_posture" | "report.entra_admin_roles" | "baseline.compare" | "evidence.collect" | "review.compose" | "review_pack.generate";
                /** @description Only with this status. */
                status?: "queued" | "running" | "completed";
                /** @description Only with this outcome. */
                outcome?: "pending" | "succeeded" | "partially_succeeded" | "failed" | "blocked" | "cancelled";
                /** @description Only about this tenant; for a promotion the target. */
                tenant_id?: string;
                /** @description Only what was started then or later. */
                since?: string;
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "get-operation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the operation. */
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "cancel-operation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the operation. */
                operation_id: string;
            };
            cookie?: never;
        };
        /** @description No fields; send no body or an empty object. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NoFields"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "stream-operation-events": {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event received; the stream resumes after it. */
                "Last-Event-ID"?: number;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the operation. */
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events; the id of each is the Last-Event-ID to resume after. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example event: ping
                     *     data: {}
                     */
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-operation-items": {
        parameters: {
            query?: {
                /** @description Only items with this status. */
                status?: "pending" | "in_progress" | "succeeded" | "failed" | "skipped";
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the operation. */
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationItemList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-tenants": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "create-tenant": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeated request safe: within 24 hours, the same key with the same body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTenantRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "get-tenant": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "update-tenant": {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the revision that this change is based on. */
                "If-Match": string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeTenantRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "archive-tenant": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
            };
            cookie?: never;
        };
        /** @description No fields; send no body or an empty object. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NoFields"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "get-connection": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "put-connection": {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the revision that this change is based on. */
                "If-Match"?: string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutConnectionRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "verify-connection": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeated request safe: within 24 hours, the same key with the same body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
            };
            cookie?: never;
        };
        /** @description No fields; send no body or an empty object. */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NoFields"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartResult"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartResult"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "start-inventory-sync": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeated request safe: within 24 hours, the same key with the same body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SyncRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartResult"];
                };
            };
            /** @description Accepted */
            202: {
                headers: {
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StartResult"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-tenant-members": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantMemberList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "add-tenant-member": {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeated request safe: within 24 hours, the same key with the same body gets the first answer again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddTenantMemberRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantMember"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            409: components["responses"]["Problem409"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "remove-tenant-member": {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the revision that this change is based on. */
                "If-Match": string;
            };
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
                /** @description Id of the person. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            412: components["responses"]["Problem412"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            428: components["responses"]["Problem428"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-subjects": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
                /** @description Only subjects of this type. */
                policy_type?: "configuration_policies" | "device_configurations" | "device_compliance_policies" | "compliance_policies" | "conditional_access_policies" | "named_locations" | "ios_managed_app_protections" | "android_managed_app_protections" | "device_management_scripts" | "device_shell_scripts" | "device_custom_attribute_shell_scripts" | "device_health_scripts" | "device_compliance_scripts" | "reusable_policy_settings" | "group_policy_configurations" | "intents" | "assignment_filters" | "role_scope_tags" | "role_definitions" | "notification_message_templates" | "windows_autopilot_deployment_profiles" | "device_enrollment_configurations" | "windows_feature_update_profiles" | "windows_quality_update_profiles" | "windows_driver_update_profiles" | "terms_and_conditions" | "mobile_app_configurations" | "device_management_settings";
                /** @description Only subjects whose name holds this, whatever its case. */
                q?: string;
            };
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "get-subject": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
                /** @description Id of the subject. */
                subject_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subject"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "list-subject-versions": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where the next page begins: next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
                /** @description Id of the subject. */
                subject_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    "get-version": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the workspace. */
                workspace_id: string;
                /** @description Id of the tenant. */
                tenant_id: string;
                /** @description Id of the version. */
                version_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionDetail"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            404: components["responses"]["Problem404"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
}
