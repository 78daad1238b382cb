import { Checkbox, makeStyles, SearchBox, Select } from "@fluentui/react-components";
import { ArrowSwap20Regular, TargetArrow20Regular } from "@fluentui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import { paths } from "@/app/paths";
import { connectionWords } from "@/shared/lib/words";
import { ActionButton } from "@/shared/ui/action-button";
import type { RegistrySearch } from "./registry-search";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", gap: "8px", alignItems: "center" },
  search: { width: "260px", maxWidth: "100%" },
  filter: { minWidth: "180px" },
  push: { flexGrow: 1 },
});

type Health = NonNullable<RegistrySearch["health"]>;

interface RegistryToolbarProps {
  search: RegistrySearch;
  onSearch: (change: Partial<RegistrySearch>) => void;
  /** The selected tenants in the order of their selection. */
  chosen: string[];
  here: string;
}

/** Search, filters, and what can be done with the selected tenants. */
export function RegistryToolbar({ search, onSearch, chosen, here }: RegistryToolbarProps) {
  const styles = useStyles();
  const navigate = useNavigate();
  const [first, second] = chosen;
  return (
    <div className={styles.bar}>
      <SearchBox
        className={styles.search}
        aria-label="Search by name or directory"
        placeholder="Search by name or directory"
        value={search.q ?? ""}
        onChange={(_, { value }) => onSearch({ q: value || undefined })}
      />
      <Select
        className={styles.filter}
        aria-label="Filter by connection"
        value={search.health ?? ""}
        onChange={(_, { value }) => onSearch({ health: (value || undefined) as Health | undefined })}
      >
        <option value="">Any connection</option>
        {Object.entries(connectionWords).map(([value, { label }]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <Checkbox
        label="Show archived"
        checked={search.archived ?? false}
        onChange={(_, { checked }) => onSearch({ archived: checked === true || undefined })}
      />
      <span className={styles.push} />
      <ActionButton
        icon={<ArrowSwap20Regular />}
        refusal={
          chosen.length === 2
            ? undefined
            : "Select exactly two tenants: the first is the source, the second the target."
        }
        onClick={() => void navigate(paths.compare({ source: first, target: second, return: here }))}
      >
        Compare
      </ActionButton>
      <ActionButton
        icon={<TargetArrow20Regular />}
        refusal={chosen.length === 1 ? undefined : "Select one tenant to change it from another one."}
        onClick={() => void navigate(paths.compare({ target: first, return: here }))}
      >
        Use as target
      </ActionButton>
    </div>
  );
}
