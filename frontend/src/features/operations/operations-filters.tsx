import { useWorkspace } from "@/shared/api/workspace";
import { operationTypeLabels, operationTypes } from "@/shared/lib/operation-types";
import { outcomeWords } from "@/shared/lib/words";
import { FilterBar, FilterSelect, SinceFilter } from "@/shared/ui/filters";
import type { OperationsSearch } from "./search";
import { statusLabels } from "./words";

interface OperationsFiltersProps {
  search: OperationsSearch;
  onSearch: (search: OperationsSearch) => void;
  onClear?: () => void;
}

const keysOf = <Key extends string>(record: Record<Key, unknown>) => Object.keys(record) as Key[];

const types = operationTypes.map((value) => ({ value, label: operationTypeLabels[value] }));
const statuses = keysOf(statusLabels).map((value) => ({ value, label: statusLabels[value] }));
const outcomes = keysOf(outcomeWords).map((value) => ({
  value,
  label: value === "pending" ? "Not ended" : outcomeWords[value].label,
}));

/** Type, status, outcome, tenant and age; every change goes into the address. */
export function OperationsFilters({ search, onSearch, onClear }: OperationsFiltersProps) {
  const { tenants } = useWorkspace();
  const set = (change: OperationsSearch) => onSearch({ ...search, ...change });
  return (
    <FilterBar onClear={onClear}>
      <FilterSelect
        label="Type"
        all="All types"
        value={search.type}
        options={types}
        onChange={(type) => set({ type })}
      />
      <FilterSelect
        label="Status"
        all="Any status"
        value={search.status}
        options={statuses}
        onChange={(status) => set({ status })}
      />
      <FilterSelect
        label="Outcome"
        all="Any outcome"
        value={search.outcome}
        options={outcomes}
        onChange={(outcome) => set({ outcome })}
      />
      <FilterSelect
        label="Tenant"
        all="All tenants"
        value={search.tenant}
        options={tenants.map(({ tenant_id, display_name }) => ({ value: tenant_id, label: display_name }))}
        onChange={(tenant) => set({ tenant })}
      />
      <SinceFilter value={search.since} onChange={(since) => set({ since })} />
    </FilterBar>
  );
}
