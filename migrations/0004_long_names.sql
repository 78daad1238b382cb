-- +goose Up

-- A name may be longer than any index holds: what is ordered and looked up is
-- its beginning.
DROP INDEX governed_subjects_listing_idx;
CREATE INDEX governed_subjects_listing_idx ON governed_subjects (tenant_id, policy_type, left(display_name, 100), id);
DROP INDEX reference_index_name_idx;
CREATE INDEX reference_index_name_idx ON reference_index (tenant_id, kind, left(display_name, 100));

-- +goose Down

DROP INDEX reference_index_name_idx;
CREATE INDEX reference_index_name_idx ON reference_index (tenant_id, kind, display_name);
DROP INDEX governed_subjects_listing_idx;
CREATE INDEX governed_subjects_listing_idx ON governed_subjects (tenant_id, policy_type, display_name, id);
