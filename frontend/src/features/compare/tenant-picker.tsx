import { Combobox, Field, makeStyles, Option, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { Tenant } from "@/shared/api/tenants";

const useStyles = makeStyles({
  field: { flex: "1 1 240px", minWidth: 0, maxWidth: "420px" },
  box: { minWidth: 0, width: "100%" },
  input: { minWidth: 0 },
  option: { display: "flex", flexDirection: "column" },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

interface TenantPickerProps {
  label: string;
  hint: string;
  tenants: Tenant[];
  value: string | undefined;
  onChange: (tenantId: string) => void;
}

/** What is listed while somebody types: tenants in use whose name holds it, and the chosen one. */
export function offered(tenants: Tenant[], typed: string, chosen: string | undefined): Tenant[] {
  const wanted = typed.trim().toLocaleLowerCase();
  return tenants
    .filter((tenant) => tenant.archived_at === null || tenant.id === chosen)
    .filter((tenant) => tenant.display_name.toLocaleLowerCase().includes(wanted))
    .sort((one, other) => one.display_name.localeCompare(other.display_name));
}

/** Chooses one tenant by typing part of its name. */
export function TenantPicker({ label, hint, tenants, value, onChange }: TenantPickerProps) {
  const styles = useStyles();
  const [typed, setTyped] = useState<string>();
  const chosen = tenants.find(({ id }) => id === value);
  const options = offered(tenants, typed ?? "", value);
  const names = options.map(({ display_name }) => display_name);
  const isTwin = (tenant: Tenant) => names.filter((name) => name === tenant.display_name).length > 1;
  const unseen = value && !chosen ? "A tenant that you cannot see" : "";
  return (
    <Field label={label} hint={hint} className={styles.field}>
      <Combobox
        className={styles.box}
        input={{ className: styles.input }}
        placeholder="Choose a tenant"
        value={typed ?? chosen?.display_name ?? unseen}
        selectedOptions={value ? [value] : []}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onOptionSelect={(_, { optionValue }) => {
          setTyped(undefined);
          if (optionValue && optionValue !== value) onChange(optionValue);
        }}
        onBlur={() => setTyped(undefined)}
      >
        {options.map((tenant) => (
          <Option key={tenant.id} value={tenant.id} text={tenant.display_name}>
            <span className={styles.option}>
              {tenant.display_name}
              {isTwin(tenant) && <span className={styles.quiet}>{tenant.directory_id}</span>}
            </span>
          </Option>
        ))}
        {options.length === 0 && (
          <Option disabled value="" text="No tenant matches">
            No tenant matches
          </Option>
        )}
      </Combobox>
    </Field>
  );
}
