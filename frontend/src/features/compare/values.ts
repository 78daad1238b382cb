// Values of settings as people read them: scalars as words, everything else as
// indented names and values.

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** "gracePeriodHours" and "grace_period_hours" as "Grace period hours". */
export function nameWords(name: string): string {
  if (name.startsWith("@")) return "Kind";
  const words = name
    .replace(/_/g, " ")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}

function scalar(value: unknown): string {
  if (value === null || value === undefined) return "Not set";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return value === "" ? "Empty" : String(value);
}

function lines(value: unknown, indent: string): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${indent}None`];
    return value.flatMap((each) => {
      const inner = lines(each, `${indent}  `);
      return [`${indent}• ${inner[0]?.trimStart() ?? ""}`, ...inner.slice(1)];
    });
  }
  if (!isObject(value))
    return scalar(value)
      .split("\n")
      .map((line) => indent + line);
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${indent}Empty`];
  return entries.flatMap(([name, each]) =>
    isObject(each) || Array.isArray(each)
      ? [`${indent}${nameWords(name)}:`, ...lines(each, `${indent}  `)]
      : [`${indent}${nameWords(name)}: ${scalar(each)}`],
  );
}

/** A value as text of one or more lines; null is "Not set". */
export const valueText = (value: unknown): string => lines(value, "").join("\n").trimEnd();

const foldedLines = 4;
const foldedLength = 240;

/** The beginning of a long text, or nothing when it is short enough to be shown. */
export function folded(text: string): string | undefined {
  const all = text.split("\n");
  if (all.length <= foldedLines && text.length <= foldedLength) return undefined;
  return `${all.slice(0, foldedLines).join("\n").slice(0, foldedLength).trimEnd()}…`;
}
