import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { ArrowRight20Regular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import type { Schema } from "@/shared/api/client";
import { formatNumber } from "@/shared/lib/format";
import { connectionWords, outcomeWords } from "@/shared/lib/words";
import { RelativeTime } from "@/shared/ui/relative-time";
import { StatusBadge } from "@/shared/ui/status-badge";
import type { Preview } from "./queries";
import { StateBadge } from "./state-badge";
import type { State } from "./words";

const useStyles = makeStyles({
  strip: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "stretch",
    gap: "16px 24px",
    padding: "12px 16px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  tenant: { display: "flex", flexDirection: "column", gap: "2px", minWidth: 0, flex: "0 1 auto" },
  side: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  name: { fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase400, overflowWrap: "anywhere" },
  facts: { display: "flex", flexWrap: "wrap", gap: "2px 12px", fontSize: tokens.fontSizeBase200 },
  arrow: {
    alignSelf: "center",
    color: tokens.colorNeutralForeground3,
    "@media (max-width: 640px)": { rotate: "90deg" },
  },
  counts: {
    display: "flex",
    flexWrap: "wrap",
    gap: "8px 24px",
    margin: 0,
    marginInlineStart: "auto",
    padding: 0,
    listStyleType: "none",
    "@media (max-width: 900px)": { marginInlineStart: 0 },
  },
  count: { display: "flex", flexDirection: "column", fontSize: tokens.fontSizeBase200 },
  number: {
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: "tabular-nums",
  },
});

function Freshness({ tenant, side }: { tenant: Schema<"TenantSummary">; side: string }) {
  const styles = useStyles();
  const { last_sync: sync } = tenant;
  return (
    <section className={styles.tenant} aria-label={side}>
      <span className={styles.side}>{side}</span>
      <Text className={styles.name}>{tenant.display_name}</Text>
      <span className={styles.facts}>
        <StatusBadge {...connectionWords[tenant.connection_status]} />
        <span>
          {sync ? "Synced " : ""}
          <RelativeTime at={sync?.at} never="Never synced" />
        </span>
        {sync && sync.outcome !== "succeeded" && <StatusBadge {...outcomeWords[sync.outcome]} />}
      </span>
    </section>
  );
}

const order: State[] = [
  "different",
  "missing_in_target",
  "only_in_target",
  "aligned",
  "ambiguous",
  "not_evaluated",
];

/** The two tenants with their freshness, and how many subjects are in each state. */
export function SummaryStrip({ preview, children }: { preview: Preview; children?: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.strip}>
      <Freshness tenant={preview.source} side="Source tenant" />
      <ArrowRight20Regular className={styles.arrow} aria-label="to" />
      <Freshness tenant={preview.target} side="Target tenant" />
      <ul className={styles.counts} aria-label="Policies by state">
        {order.map((state) => (
          <li key={state} className={styles.count}>
            <span className={styles.number}>{formatNumber(preview.counts[state])}</span>
            <StateBadge state={state} />
          </li>
        ))}
      </ul>
      {children}
    </div>
  );
}
