-- +goose Up

-- The role every application connection switches to. It belongs to the cluster,
-- so another database may have made it already.
-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tenantatlas_app') THEN
        BEGIN
            CREATE ROLE tenantatlas_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- made by somebody else in this moment
        END;
    END IF;
    -- Up to version 15 a member may always switch; from 16 on that is a right of its own.
    IF NOT pg_has_role(current_user, 'tenantatlas_app',
        CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END) THEN
        EXECUTE format('GRANT tenantatlas_app TO %I', current_user);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO tenantatlas_app', current_schema());
    -- Tables of later migrations are granted as they are made.
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tenantatlas_app', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE, SELECT ON SEQUENCES TO tenantatlas_app', current_schema());
END
$$;
-- +goose StatementEnd

-- Readiness compares the version with the program's.
GRANT SELECT ON goose_db_version TO tenantatlas_app;

CREATE TABLE users (
    id           uuid        NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
    email        text        NOT NULL CONSTRAINT users_email_key UNIQUE,
    display_name text        NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT users_email_lower_check CHECK (email = lower(email) AND email LIKE '%_@_%')
);

-- Apart from users, so that no listing can carry a hash by accident.
CREATE TABLE password_hashes (
    user_id    uuid        NOT NULL CONSTRAINT password_hashes_pkey PRIMARY KEY
                           CONSTRAINT password_hashes_user_fkey REFERENCES users ON DELETE CASCADE,
    hash       text        NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    digest     bytea       NOT NULL CONSTRAINT sessions_pkey PRIMARY KEY,
    user_id    uuid        NOT NULL CONSTRAINT sessions_user_fkey REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL
);
CREATE INDEX sessions_user_idx ON sessions (user_id);
CREATE INDEX sessions_seen_idx ON sessions (seen_at);

CREATE TABLE api_tokens (
    id           uuid        NOT NULL CONSTRAINT api_tokens_pkey PRIMARY KEY,
    user_id      uuid        NOT NULL CONSTRAINT api_tokens_user_fkey REFERENCES users ON DELETE CASCADE,
    name         text        NOT NULL,
    lookup       text        NOT NULL CONSTRAINT api_tokens_lookup_key UNIQUE,
    digest       bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX api_tokens_user_idx ON api_tokens (user_id, created_at DESC, id DESC);

CREATE TABLE workspaces (
    id           uuid        NOT NULL CONSTRAINT workspaces_pkey PRIMARY KEY,
    display_name text        NOT NULL,
    revision     bigint      NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL
);

CREATE TABLE workspace_members (
    workspace_id uuid        NOT NULL CONSTRAINT workspace_members_workspace_fkey REFERENCES workspaces,
    user_id      uuid        NOT NULL CONSTRAINT workspace_members_user_fkey REFERENCES users,
    role         text        NOT NULL,
    revision     bigint      NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    CONSTRAINT workspace_members_pkey PRIMARY KEY (workspace_id, user_id),
    CONSTRAINT workspace_members_role_check
        CHECK (role IN ('owner', 'manager', 'operator', 'readonly', 'support', 'customer'))
);
CREATE INDEX workspace_members_user_idx ON workspace_members (user_id);

CREATE TABLE tenants (
    id           uuid        NOT NULL CONSTRAINT tenants_pkey PRIMARY KEY,
    workspace_id uuid        NOT NULL CONSTRAINT tenants_workspace_fkey REFERENCES workspaces,
    display_name text        NOT NULL,
    directory_id uuid        NOT NULL,
    cloud        text        NOT NULL,
    archived_at  timestamptz,
    revision     bigint      NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    CONSTRAINT tenants_workspace_id_key UNIQUE (workspace_id, id),
    CONSTRAINT tenants_workspace_directory_key UNIQUE (workspace_id, directory_id),
    CONSTRAINT tenants_cloud_check CHECK (cloud IN ('global', 'us_gov', 'us_gov_dod', 'china'))
);
CREATE INDEX tenants_workspace_created_idx ON tenants (workspace_id, created_at, id);

CREATE TABLE tenant_members (
    workspace_id uuid        NOT NULL,
    tenant_id    uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    role         text        NOT NULL,
    revision     bigint      NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    CONSTRAINT tenant_members_pkey PRIMARY KEY (tenant_id, user_id),
    CONSTRAINT tenant_members_tenant_fkey FOREIGN KEY (workspace_id, tenant_id)
        REFERENCES tenants (workspace_id, id) ON DELETE CASCADE,
    CONSTRAINT tenant_members_member_fkey FOREIGN KEY (workspace_id, user_id)
        REFERENCES workspace_members (workspace_id, user_id) ON DELETE CASCADE,
    CONSTRAINT tenant_members_role_check CHECK (role IN ('manager', 'operator', 'reader'))
);
CREATE INDEX tenant_members_member_idx ON tenant_members (workspace_id, user_id);

CREATE TABLE provider_connections (
    workspace_id        uuid        NOT NULL,
    tenant_id           uuid        NOT NULL CONSTRAINT provider_connections_pkey PRIMARY KEY,
    client_id           text        NOT NULL,
    credential_kind     text        NOT NULL,
    credential_id       uuid        NOT NULL, -- another with every change of the credential
    sealed_credential   bytea       NOT NULL, -- opens only for this row, see seal.go
    key_version         bigint      NOT NULL,
    write_enabled       boolean     NOT NULL,
    status              text        NOT NULL,
    status_reason       text        NOT NULL DEFAULT '',
    granted_permissions jsonb       NOT NULL DEFAULT '[]',
    missing_permissions jsonb       NOT NULL DEFAULT '[]',
    verified_at         timestamptz,
    revision            bigint      NOT NULL DEFAULT 1,
    updated_at          timestamptz NOT NULL,
    CONSTRAINT provider_connections_workspace_tenant_key UNIQUE (workspace_id, tenant_id),
    CONSTRAINT provider_connections_tenant_fkey FOREIGN KEY (workspace_id, tenant_id)
        REFERENCES tenants (workspace_id, id) ON DELETE CASCADE,
    CONSTRAINT provider_connections_kind_check
        CHECK (credential_kind IN ('client_secret', 'client_certificate')),
    CONSTRAINT provider_connections_status_check
        CHECK (status IN ('unverified', 'verified', 'permission_missing', 'failed'))
);

-- History outlives its subjects: no foreign keys, names are written down.
CREATE TABLE audit_events (
    seq          bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_events_pkey PRIMARY KEY,
    id           uuid        NOT NULL CONSTRAINT audit_events_id_key UNIQUE,
    at           timestamptz NOT NULL,
    workspace_id uuid,
    tenant_id    uuid,
    action       text        NOT NULL,
    actor_id     uuid,
    actor_name   text        NOT NULL DEFAULT '',
    actor_via    text        NOT NULL,
    operation_id uuid,
    target_kind  text        NOT NULL DEFAULT '',
    target_id    text        NOT NULL DEFAULT '',
    request_id   text        NOT NULL DEFAULT '',
    details      jsonb       NOT NULL DEFAULT '{}',
    CONSTRAINT audit_events_via_check CHECK (actor_via IN ('session', 'token', 'system')),
    CONSTRAINT audit_events_details_check CHECK (jsonb_typeof(details) = 'object')
);
CREATE INDEX audit_events_newest_idx ON audit_events (workspace_id, seq DESC);
CREATE INDEX audit_events_operation_idx ON audit_events (workspace_id, operation_id, seq DESC)
    WHERE operation_id IS NOT NULL;
-- A stale preflight is explained by looking its fingerprint up.
CREATE INDEX audit_events_preflight_idx ON audit_events (workspace_id, (details ->> 'fingerprint'), seq DESC)
    WHERE action = 'promotion.preflight.generated';
REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM tenantatlas_app;

CREATE TABLE idempotency_keys (
    principal   text        NOT NULL,
    method      text        NOT NULL,
    path        text        NOT NULL,
    key         text        NOT NULL,
    body_digest text        NOT NULL,
    holder      uuid        NOT NULL,
    reserved_at timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    status      integer, -- null while the request is in flight
    location    text        NOT NULL DEFAULT '',
    etag        text        NOT NULL DEFAULT '',
    body        bytea,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (principal, method, path, key),
    CONSTRAINT idempotency_keys_key_check CHECK (length(key) BETWEEN 1 AND 255),
    CONSTRAINT idempotency_keys_status_check CHECK (status IS NULL OR status BETWEEN 200 AND 299)
);
CREATE INDEX idempotency_keys_expires_idx ON idempotency_keys (expires_at);

CREATE TABLE notifications (
    id           uuid        NOT NULL CONSTRAINT notifications_pkey PRIMARY KEY,
    user_id      uuid        NOT NULL CONSTRAINT notifications_user_fkey REFERENCES users ON DELETE CASCADE,
    workspace_id uuid        NOT NULL CONSTRAINT notifications_workspace_fkey REFERENCES workspaces,
    kind         text        NOT NULL,
    operation_id uuid,
    title        text        NOT NULL,
    body         text        NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    read_at      timestamptz
);
CREATE INDEX notifications_newest_idx ON notifications (user_id, created_at DESC, id DESC);

-- +goose Down

DROP TABLE notifications, idempotency_keys, audit_events, provider_connections, tenant_members, tenants,
    workspace_members, workspaces, api_tokens, sessions, password_hashes, users;
REVOKE SELECT ON goose_db_version FROM tenantatlas_app;
-- The role stays: another database of the cluster may use it.
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON TABLES FROM tenantatlas_app', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON SEQUENCES FROM tenantatlas_app', current_schema());
    EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM tenantatlas_app', current_schema());
END
$$;
-- +goose StatementEnd
