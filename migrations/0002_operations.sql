-- +goose Up

-- The numbers that order what moves; see operation_runs_stamp.
CREATE SEQUENCE operation_change_seq;

-- The canonical summary keys and their sums. A value that is missing, negative,
-- not whole, or one key too many is refused.
-- +goose StatementBegin
CREATE FUNCTION operation_counts_ok(c jsonb, completed boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN jsonb_typeof(c) <> 'object'
          OR (SELECT count(*) FROM jsonb_object_keys(c)) <> 8
          OR NOT c ?& ARRAY['total', 'processed', 'succeeded', 'failed', 'skipped', 'created', 'updated', 'unchanged']
          OR EXISTS (SELECT FROM jsonb_each(c) WHERE jsonb_typeof(value) <> 'number' OR value::text !~ '^[0-9]{1,9}$')
        THEN false
        ELSE (c ->> 'processed')::int = (c ->> 'succeeded')::int + (c ->> 'failed')::int + (c ->> 'skipped')::int
         AND (c ->> 'succeeded')::int = (c ->> 'created')::int + (c ->> 'updated')::int + (c ->> 'unchanged')::int
         AND (c ->> 'processed')::int <= (c ->> 'total')::int
         AND (NOT completed OR (c ->> 'processed')::int = (c ->> 'total')::int)
    END
$$;
-- +goose StatementEnd

CREATE TABLE operation_runs (
    id                  uuid        PRIMARY KEY,
    workspace_id        uuid        NOT NULL,
    type                text        NOT NULL,
    status              text        NOT NULL DEFAULT 'queued',
    outcome             text        NOT NULL DEFAULT 'pending',
    tenant_id           uuid        NOT NULL,
    source_tenant_id    uuid,
    target_tenant_id    uuid,
    target_directory_id uuid,
    subject_id          text,
    initiator_id        uuid,
    initiator_name      text        NOT NULL,
    dedupe_key          text        NOT NULL,
    items               jsonb       NOT NULL,
    context             jsonb       NOT NULL,
    audit_details       jsonb       NOT NULL,
    summary_counts      jsonb       NOT NULL,
    begun               jsonb       NOT NULL DEFAULT '{}',
    waiting_on          jsonb,
    reason_code         text,
    message             text,
    cancel_requested_at timestamptz,
    lease_owner         text,
    lease_epoch         bigint      NOT NULL DEFAULT 0,
    lease_expires_at    timestamptz,
    retry_at            timestamptz,
    dispatch_seq        bigint      NOT NULL DEFAULT 1,
    takeovers           int         NOT NULL DEFAULT 0,
    retries             int         NOT NULL DEFAULT 0,
    deadline_at         timestamptz NOT NULL,
    change_seq          bigint      NOT NULL DEFAULT nextval('operation_change_seq'),
    created_at          timestamptz NOT NULL,
    started_at          timestamptz,
    completed_at        timestamptz,
    CONSTRAINT operation_runs_tenant FOREIGN KEY (workspace_id, tenant_id) REFERENCES tenants (workspace_id, id),
    CONSTRAINT operation_runs_source FOREIGN KEY (workspace_id, source_tenant_id) REFERENCES tenants (workspace_id, id),
    CONSTRAINT operation_runs_target FOREIGN KEY (workspace_id, target_tenant_id) REFERENCES tenants (workspace_id, id),
    CONSTRAINT operation_runs_type CHECK (type IN ('connection.verify', 'inventory.sync', 'promotion.execute',
        'report.permission_posture', 'report.entra_admin_roles', 'baseline.compare', 'evidence.collect',
        'review.compose', 'review_pack.generate')),
    CONSTRAINT operation_runs_status CHECK (status IN ('queued', 'running', 'completed')),
    CONSTRAINT operation_runs_outcome CHECK (outcome IN ('pending', 'succeeded', 'partially_succeeded', 'failed', 'blocked', 'cancelled')),
    CONSTRAINT operation_runs_ended CHECK ((status = 'completed') = (outcome <> 'pending')
        AND (status = 'completed') = (completed_at IS NOT NULL)),
    CONSTRAINT operation_runs_idle CHECK (status = 'running' OR (lease_owner IS NULL AND lease_expires_at IS NULL)),
    CONSTRAINT operation_runs_lease CHECK ((lease_owner IS NULL) = (lease_expires_at IS NULL)),
    CONSTRAINT operation_runs_items CHECK (jsonb_typeof(items) = 'array' AND jsonb_array_length(items) BETWEEN 1 AND 100000),
    CONSTRAINT operation_runs_counts CHECK (operation_counts_ok(summary_counts, status = 'completed')
        AND (summary_counts ->> 'total')::int = jsonb_array_length(items)),
    CONSTRAINT operation_runs_change CHECK (change_seq > 0),
    CONSTRAINT operation_runs_promotion CHECK (type <> 'promotion.execute' OR (target_directory_id IS NOT NULL
        AND source_tenant_id IS NOT NULL AND target_tenant_id = tenant_id AND source_tenant_id <> target_tenant_id)),
    CONSTRAINT operation_runs_review CHECK (type NOT IN ('review.compose', 'review_pack.generate') OR subject_id IS NOT NULL)
);

-- One mutating run per directory, whichever workspace it belongs to.
CREATE UNIQUE INDEX operation_runs_active_promotion_directory ON operation_runs (target_directory_id)
    WHERE type = 'promotion.execute' AND status IN ('queued', 'running');
CREATE UNIQUE INDEX operation_runs_active_tenant_type ON operation_runs (tenant_id, type)
    WHERE type NOT IN ('promotion.execute', 'review.compose', 'review_pack.generate') AND status IN ('queued', 'running');
CREATE UNIQUE INDEX operation_runs_active_review_type ON operation_runs (subject_id, type)
    WHERE type IN ('review.compose', 'review_pack.generate') AND status IN ('queued', 'running');
CREATE INDEX operation_runs_newest ON operation_runs (workspace_id, id DESC);
CREATE INDEX operation_runs_changed ON operation_runs (workspace_id, change_seq);
CREATE INDEX operation_runs_tenant_newest ON operation_runs (tenant_id, type, id DESC);
CREATE INDEX operation_runs_open ON operation_runs (workspace_id, created_at) WHERE status IN ('queued', 'running');

-- What was confirmed at the start stays. The trigger names the columns, so that a
-- heartbeat does not have to compare a large plan.
-- +goose StatementBegin
CREATE FUNCTION operation_runs_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.workspace_id, NEW.type, NEW.tenant_id, NEW.source_tenant_id, NEW.target_tenant_id, NEW.target_directory_id,
        NEW.subject_id, NEW.initiator_id, NEW.dedupe_key, NEW.items, NEW.context, NEW.audit_details, NEW.created_at, NEW.deadline_at)
       IS DISTINCT FROM
       (OLD.id, OLD.workspace_id, OLD.type, OLD.tenant_id, OLD.source_tenant_id, OLD.target_tenant_id, OLD.target_directory_id,
        OLD.subject_id, OLD.initiator_id, OLD.dedupe_key, OLD.items, OLD.context, OLD.audit_details, OLD.created_at, OLD.deadline_at) THEN
        RAISE EXCEPTION 'what a run was started with never changes' USING ERRCODE = '23514', CONSTRAINT = 'operation_runs_immutable';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER operation_runs_keep BEFORE UPDATE OF id, workspace_id, type, tenant_id, source_tenant_id, target_tenant_id,
    target_directory_id, subject_id, initiator_id, dedupe_key, items, context, audit_details, created_at, deadline_at
    ON operation_runs FOR EACH ROW EXECUTE FUNCTION operation_runs_keep();

-- Statuses move forward only, and a completed run never changes again (but for
-- the number that orders the change).
-- +goose StatementBegin
CREATE FUNCTION operation_runs_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'completed' AND (to_jsonb(NEW) - 'change_seq') IS DISTINCT FROM (to_jsonb(OLD) - 'change_seq') THEN
        RAISE EXCEPTION 'a completed run never changes' USING ERRCODE = '23514', CONSTRAINT = 'operation_runs_completed';
    END IF;
    IF OLD.status = 'running' AND NEW.status = 'queued' THEN
        RAISE EXCEPTION 'a run does not go back' USING ERRCODE = '23514', CONSTRAINT = 'operation_runs_lifecycle';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER operation_runs_forward BEFORE UPDATE ON operation_runs FOR EACH ROW
    WHEN (OLD.status = 'completed' OR OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION operation_runs_forward();

-- change_seq follows the order of commits within a workspace: it is drawn at the
-- end of the transaction, under a lock that is held until the commit is visible.
-- Whoever has read number N will therefore never see a lower one appear. Being
-- the last lock a transaction takes, it cannot be part of a cycle.
-- +goose StatementBegin
CREATE FUNCTION operation_runs_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7301, hashtext(NEW.workspace_id::text));
    UPDATE operation_runs SET change_seq = nextval('operation_change_seq') WHERE id = NEW.id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER operation_runs_stamp_new AFTER INSERT ON operation_runs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION operation_runs_stamp();
-- Only what people see counts as a change; heartbeats do not.
CREATE CONSTRAINT TRIGGER operation_runs_stamp_moved AFTER UPDATE ON operation_runs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((NEW.status, NEW.outcome, NEW.summary_counts, NEW.begun, NEW.waiting_on, NEW.reason_code, NEW.cancel_requested_at)
        IS DISTINCT FROM
        (OLD.status, OLD.outcome, OLD.summary_counts, OLD.begun, OLD.waiting_on, OLD.reason_code, OLD.cancel_requested_at))
    EXECUTE FUNCTION operation_runs_stamp();

-- The write seam's journal. Request 0 is the item's verdict; 1 to n are its
-- mutating requests, each committed as intent before it is sent. Hashes, ids and
-- reasons only, never payloads.
CREATE TABLE provider_writes (
    run_id           uuid        NOT NULL REFERENCES operation_runs (id),
    item_ordinal     int         NOT NULL,
    request_ordinal  int         NOT NULL,
    epoch            bigint      NOT NULL,
    kind             text        NOT NULL,
    status           text        NOT NULL,
    effect           text,
    request_hash     text,
    pre_ids          text[],
    sent_at          timestamptz,
    settled_at       timestamptz,
    http_status      int,
    target_object_id text,
    reason_code      text,
    message          text,
    attempts         int         NOT NULL DEFAULT 0,
    started_at       timestamptz,
    finished_at      timestamptz,
    CONSTRAINT provider_writes_pkey PRIMARY KEY (run_id, item_ordinal, request_ordinal),
    CONSTRAINT provider_writes_ordinals CHECK (item_ordinal >= 1 AND request_ordinal >= 0),
    CONSTRAINT provider_writes_status CHECK (CASE WHEN request_ordinal = 0
        THEN status IN ('succeeded', 'failed', 'skipped')
        ELSE status IN ('intent', 'settled', 'refused', 'unknown', 'abandoned') END),
    CONSTRAINT provider_writes_effect CHECK (CASE WHEN request_ordinal = 0 AND status = 'succeeded'
        THEN effect IS NOT NULL AND effect IN ('created', 'updated', 'unchanged') ELSE effect IS NULL END),
    CONSTRAINT provider_writes_reason CHECK (status NOT IN ('failed', 'skipped') OR reason_code IS NOT NULL)
);

-- What the dispatcher still has to ring for, and when it did.
CREATE TABLE outbox (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id        uuid        NOT NULL REFERENCES operation_runs (id),
    dispatch_seq  bigint      NOT NULL,
    due_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    dispatched_at timestamptz,
    CONSTRAINT outbox_once UNIQUE (run_id, dispatch_seq)
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE dispatched_at IS NULL;
CREATE INDEX outbox_done ON outbox (dispatched_at) WHERE dispatched_at IS NOT NULL;

-- workspace_id NULL pauses everywhere.
CREATE TABLE operational_controls (
    workspace_id uuid        REFERENCES workspaces (id),
    type         text        NOT NULL,
    paused       boolean     NOT NULL,
    reason       text        NOT NULL,
    actor_id     uuid,
    actor_name   text        NOT NULL,
    expires_at   timestamptz,
    revision     bigint      NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT operational_controls_once UNIQUE NULLS NOT DISTINCT (workspace_id, type),
    CONSTRAINT operational_controls_revision CHECK (revision > 0),
    CONSTRAINT operational_controls_reason CHECK (NOT paused OR reason <> '')
);

-- A run ends once, so its starter hears of it once.
CREATE UNIQUE INDEX notifications_operation_once ON notifications (user_id, operation_id) WHERE operation_id IS NOT NULL;

-- +goose Down
DROP INDEX notifications_operation_once;
DROP TABLE operational_controls;
DROP TABLE outbox;
DROP TABLE provider_writes;
DROP TABLE operation_runs;
DROP FUNCTION operation_runs_stamp();
DROP FUNCTION operation_runs_forward();
DROP FUNCTION operation_runs_keep();
DROP FUNCTION operation_counts_ok(jsonb, boolean);
DROP SEQUENCE operation_change_seq;
