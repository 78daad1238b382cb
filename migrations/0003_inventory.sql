-- +goose Up

-- What each tenant has. A row is a provider object; the columns from
-- version_id on repeat what comparison asks of its newest version.
CREATE TABLE governed_subjects (
    id                 uuid        NOT NULL CONSTRAINT governed_subjects_pkey PRIMARY KEY,
    workspace_id       uuid        NOT NULL,
    tenant_id          uuid        NOT NULL,
    policy_type        text        NOT NULL,
    object_id          text        NOT NULL,
    display_name       text        NOT NULL,
    odata_type         text        NOT NULL,
    key_exact          text        NOT NULL,
    key_without_suffix text        NOT NULL,
    version_id         uuid        NOT NULL,
    content_hash       text        NOT NULL, -- of the version, by the tenant's own ids
    portable_content   text        NOT NULL, -- digest with names in place of ids
    portable_assigned  text        NOT NULL,
    assignments        jsonb       NOT NULL, -- facts the rules ask for
    traits             jsonb       NOT NULL,
    reference_count    integer     NOT NULL,
    first_seen_at      timestamptz NOT NULL,
    last_read_at       timestamptz NOT NULL, -- when the newest read was sent
    deleted_at         timestamptz,
    CONSTRAINT governed_subjects_tenant_fkey FOREIGN KEY (workspace_id, tenant_id) REFERENCES tenants (workspace_id, id),
    CONSTRAINT governed_subjects_workspace_key UNIQUE (workspace_id, id),
    CONSTRAINT governed_subjects_object_key UNIQUE (tenant_id, policy_type, object_id)
);
CREATE INDEX governed_subjects_listing_idx ON governed_subjects (tenant_id, policy_type, display_name, id);
CREATE INDEX governed_subjects_exact_idx ON governed_subjects (tenant_id, key_exact) WHERE deleted_at IS NULL;

-- Immutable; an unequal hash makes another row, an equal one none.
CREATE TABLE policy_versions (
    id           uuid        NOT NULL CONSTRAINT policy_versions_pkey PRIMARY KEY,
    workspace_id uuid        NOT NULL,
    tenant_id    uuid        NOT NULL,
    subject_id   uuid        NOT NULL,
    policy_type  text        NOT NULL,
    object_id    text        NOT NULL,
    display_name text        NOT NULL,
    content_hash text        NOT NULL,
    raw          text        NOT NULL, -- as the provider returned it
    normalised   text        NOT NULL, -- a slot number per reference
    assignments  text        NOT NULL,
    slots        jsonb       NOT NULL, -- slot → part, kind, id, name when captured
    captured_at  timestamptz NOT NULL,
    run_id       uuid        NOT NULL, -- the run that read it
    CONSTRAINT policy_versions_subject_fkey FOREIGN KEY (workspace_id, subject_id) REFERENCES governed_subjects (workspace_id, id),
    CONSTRAINT policy_versions_tenant_fkey FOREIGN KEY (workspace_id, tenant_id) REFERENCES tenants (workspace_id, id)
);
CREATE INDEX policy_versions_subject_idx ON policy_versions (subject_id, captured_at DESC, id DESC);
CREATE INDEX policy_versions_captured_idx ON policy_versions (tenant_id, captured_at);
REVOKE UPDATE, DELETE, TRUNCATE ON policy_versions FROM tenantatlas_app;

-- The last attempt to read each policy type and each reference kind.
CREATE TABLE inventory_captures (
    workspace_id uuid        NOT NULL,
    tenant_id    uuid        NOT NULL,
    what         text        NOT NULL,
    started_at   timestamptz NOT NULL,
    complete     boolean     NOT NULL,
    reason_code  text        NOT NULL DEFAULT '',
    message      text        NOT NULL DEFAULT '',
    objects      integer     NOT NULL DEFAULT 0,
    problems     integer     NOT NULL DEFAULT 0,
    run_id       uuid        NOT NULL,
    CONSTRAINT inventory_captures_pkey PRIMARY KEY (tenant_id, what),
    CONSTRAINT inventory_captures_tenant_fkey FOREIGN KEY (workspace_id, tenant_id) REFERENCES tenants (workspace_id, id)
);

-- Things that policies refer to and that are no policies themselves.
CREATE TABLE reference_index (
    workspace_id uuid NOT NULL,
    tenant_id    uuid NOT NULL,
    kind         text NOT NULL,
    object_id    text NOT NULL,
    display_name text NOT NULL,
    CONSTRAINT reference_index_pkey PRIMARY KEY (tenant_id, kind, object_id),
    CONSTRAINT reference_index_tenant_fkey FOREIGN KEY (workspace_id, tenant_id) REFERENCES tenants (workspace_id, id)
);
CREATE INDEX reference_index_name_idx ON reference_index (tenant_id, kind, display_name);

-- Tenant-wide circumstances that decide about writes.
CREATE TABLE tenant_facts (
    workspace_id         uuid        NOT NULL,
    tenant_id            uuid        NOT NULL CONSTRAINT tenant_facts_pkey PRIMARY KEY,
    security_defaults_on boolean     NOT NULL,
    approval_types       jsonb       NOT NULL,
    approval_known       boolean     NOT NULL,
    granted              jsonb       NOT NULL,
    read_at              timestamptz NOT NULL,
    CONSTRAINT tenant_facts_tenant_fkey FOREIGN KEY (workspace_id, tenant_id) REFERENCES tenants (workspace_id, id)
);

-- Display names of setting definitions and their options, the same everywhere.
CREATE TABLE setting_labels (
    id    text NOT NULL CONSTRAINT setting_labels_pkey PRIMARY KEY,
    label text NOT NULL
);

-- +goose Down
DROP TABLE setting_labels;
DROP TABLE tenant_facts;
DROP TABLE reference_index;
DROP TABLE inventory_captures;
DROP TABLE policy_versions;
DROP TABLE governed_subjects;
