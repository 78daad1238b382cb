import { Button, Field, makeStyles, Select } from "@fluentui/react-components";
import { Dismiss16Regular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { formatAbsolute } from "@/shared/lib/format";
import { sincePresets } from "@/shared/lib/since";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "flex-end", gap: "8px 12px" },
  field: {
    minWidth: "140px",
    flexBasis: "160px",
    flexGrow: 1,
    maxWidth: "240px",
    // The longest option does not widen the field.
    gridTemplateColumns: "minmax(0, 1fr)",
  },
});

interface FilterBarProps {
  children: ReactNode;
  /** Present while something is filtered: takes every filter away. */
  onClear?: () => void;
}

/** The filters above a list. Their state is the address's. */
export function FilterBar({ children, onClear }: FilterBarProps) {
  const styles = useStyles();
  return (
    <search className={styles.bar} aria-label="Filters">
      {children}
      {onClear && (
        <Button appearance="subtle" icon={<Dismiss16Regular />} onClick={onClear}>
          Clear filters
        </Button>
      )}
    </search>
  );
}

interface FilterSelectProps<Value extends string> {
  label: string;
  /** What stands for "not filtered": "All types". */
  all: string;
  value: Value | undefined;
  options: { value: Value; label: string }[];
  onChange: (value: Value | undefined) => void;
}

/** One choice among several, or none. */
export function FilterSelect<Value extends string>(props: FilterSelectProps<Value>) {
  const { label, all, value, options, onChange } = props;
  const styles = useStyles();
  return (
    <Field label={label} className={styles.field}>
      <Select
        value={value ?? ""}
        onChange={(_, data) => onChange(options.find((option) => option.value === data.value)?.value)}
      >
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** How far back the list looks; a day that came with the address stays on offer. */
export function SinceFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const options: { value: string; label: string }[] = Object.entries(sincePresets).map(([key, preset]) => ({
    value: key,
    label: preset.label,
  }));
  if (value && !Object.hasOwn(sincePresets, value)) {
    options.push({ value, label: `Since ${formatAbsolute(value)}` });
  }
  return <FilterSelect label="Since" all="Any time" value={value} options={options} onChange={onChange} />;
}
