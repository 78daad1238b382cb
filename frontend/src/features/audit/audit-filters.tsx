import { Field, Input, makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import type { Schema } from "@/shared/api/client";
import { useWorkspace } from "@/shared/api/workspace";
import { FilterBar, FilterSelect, SinceFilter } from "@/shared/ui/filters";
import { actorsQuery } from "./queries";
import type { AuditSearch } from "./search";
import { actionLabels } from "./words";

type AuditEvent = Schema<"AuditEvent">;

interface AuditFiltersProps {
  search: AuditSearch;
  /** The records on the page: who acted in them can be asked for, too. */
  seen: AuditEvent[];
  onSearch: (search: AuditSearch) => void;
  onClear?: () => void;
}

const actions = Object.entries(actionLabels).map(([value, label]) => ({ value, label }));

/** Action, actor, tenant, operation and age; every change goes into the address. */
export function AuditFilters({ search, seen, onSearch, onClear }: AuditFiltersProps) {
  const { workspace_id, tenants } = useWorkspace();
  const { data: members = [] } = useQuery(actorsQuery(workspace_id));
  const set = (change: AuditSearch) => onSearch({ ...search, ...change });
  return (
    <FilterBar onClear={onClear}>
      <FilterSelect
        label="Action"
        all="All actions"
        value={search.action}
        options={actions}
        onChange={(action) => set({ action })}
      />
      <FilterSelect
        label="Actor"
        all="Everybody"
        value={search.actor}
        options={actorOptions(members, seen, search.actor)}
        onChange={(actor) => set({ actor })}
      />
      <FilterSelect
        label="Tenant"
        all="All tenants"
        value={search.tenant}
        options={tenants.map(({ tenant_id, display_name }) => ({ value: tenant_id, label: display_name }))}
        onChange={(tenant) => set({ tenant })}
      />
      <OperationField value={search.operation} onChange={(operation) => set({ operation })} />
      <SinceFilter value={search.since} onChange={(since) => set({ since })} />
    </FilterBar>
  );
}

/** Members, then those who acted and are members no more, then whom the address names. */
export function actorOptions(members: Schema<"Member">[], seen: AuditEvent[], chosen: string | undefined) {
  const names = new Map(members.map((member) => [member.user_id, member.display_name]));
  for (const { actor } of seen) if (actor.id && !names.has(actor.id)) names.set(actor.id, actor.display_name);
  if (chosen && !names.has(chosen)) names.set(chosen, chosen);
  return [...names].map(([value, label]) => ({ value, label }));
}

const useStyles = makeStyles({
  form: { flexGrow: 1, flexBasis: "240px", maxWidth: "360px" },
  input: { width: "100%" },
});

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An operation's id, typed or pasted; it counts when the field is left or Enter pressed. */
function OperationField({ value = "", onChange }: { value?: string; onChange: (value?: string) => void }) {
  const styles = useStyles();
  const [text, setText] = useState(value);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    setText(value);
    setRefused(false);
  }, [value]);

  function take(event?: FormEvent) {
    event?.preventDefault();
    const id = text.trim();
    const wrong = id !== "" && !uuid.test(id);
    setRefused(wrong);
    if (!wrong && id !== value) onChange(id || undefined);
  }

  return (
    <form className={styles.form} onSubmit={take}>
      <Field label="Operation" validationMessage={refused ? "This is not an operation's id." : undefined}>
        <Input
          className={styles.input}
          value={text}
          placeholder="Operation id"
          onChange={(_, data) => setText(data.value)}
          onBlur={() => take()}
        />
      </Field>
    </form>
  );
}
