import { Button, Dropdown, Field, makeStyles, Option, SearchBox, Switch } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { policyTypesQuery } from "@/shared/api/tenants";
import { plural } from "@/shared/lib/format";
import { type CompareSearch, changed, hasFilters, listed, withoutFilters } from "./search";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", alignItems: "flex-end", gap: "8px 16px" },
  field: { flex: "1 1 200px", minWidth: 0, maxWidth: "300px" },
  control: { minWidth: 0, width: "100%" },
});

interface FiltersProps {
  search: CompareSearch;
  onSearch: (search: CompareSearch) => void;
  /** What is being typed, at once; the address follows when the typing pauses. */
  typed: string;
  onType: (typed: string) => void;
}

/** How long typing has to pause before the server is asked, in milliseconds. */
const pause = 500;

/** Keeps what is typed apart from the address, and brings it there after a pause. */
export function useTypedFilter(search: CompareSearch, onSearch: (search: CompareSearch) => void) {
  const committed = search.q ?? "";
  const [typed, setTyped] = useState(committed);
  const [known, setKnown] = useState(committed);
  if (known !== committed) {
    setKnown(committed);
    setTyped(committed);
  }
  useEffect(() => {
    if (typed === committed) return undefined;
    const timer = setTimeout(
      () => onSearch(changed(search, { q: typed.trim() === "" ? undefined : typed })),
      pause,
    );
    return () => clearTimeout(timer);
  }, [typed, committed, search, onSearch]);
  return [typed, setTyped] as const;
}

/** What of the two tenants is compared, and how. */
export function Filters({ search, onSearch, typed, onType }: FiltersProps) {
  const styles = useStyles();
  const types = useQuery(policyTypesQuery()).data?.items ?? [];
  const chosen = listed(search.types);
  const label = (key: string) => types.find((type) => type.key === key)?.label ?? key;
  const set = (change: Partial<CompareSearch>) => onSearch(changed(search, change));
  const count = listed(search.keys).length;
  return (
    <search className={styles.row} aria-label="What is compared">
      <Field label="Name holds" className={styles.field}>
        <SearchBox
          className={styles.control}
          value={typed}
          onChange={(_, { value }) => onType(value)}
          placeholder="All names"
        />
      </Field>
      <Field label="Policy types" className={styles.field}>
        <Dropdown
          className={styles.control}
          multiselect
          placeholder="All types"
          value={chosen.map(label).join(", ")}
          selectedOptions={chosen}
          onOptionSelect={(_, { selectedOptions }) =>
            set({ types: listed(selectedOptions.join(",")).join(",") || undefined })
          }
        >
          {types
            .filter(({ readable }) => readable)
            .map((type) => (
              <Option key={type.key} value={type.key}>
                {type.label}
              </Option>
            ))}
        </Dropdown>
      </Field>
      <Field label="Same policy when" className={styles.field}>
        <Dropdown
          className={styles.control}
          value={search.match ? "Names match without version" : "Names match exactly"}
          selectedOptions={[search.match ?? "exact_name"]}
          onOptionSelect={(_, { optionValue }) =>
            // A key belongs to the rule it was made by.
            set({ match: optionValue === "ignore_version_suffix" ? optionValue : undefined, keys: undefined })
          }
        >
          <Option value="exact_name">Names match exactly</Option>
          <Option value="ignore_version_suffix">Names match without version</Option>
        </Dropdown>
      </Field>
      <Switch
        label="With assignments"
        checked={search.assignments !== "exclude"}
        onChange={(_, { checked }) => set({ assignments: checked ? undefined : "exclude" })}
      />
      {hasFilters(search) && (
        <Button appearance="subtle" onClick={() => onSearch(withoutFilters(search))}>
          {count > 0
            ? `Clear filters (limited to ${plural(count, "chosen policy", "chosen policies")})`
            : "Clear filters"}
        </Button>
      )}
    </search>
  );
}
