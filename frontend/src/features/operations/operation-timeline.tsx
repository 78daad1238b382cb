import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { paths } from "@/app/paths";
import type { Schema } from "@/shared/api/client";
import type { Operation } from "@/shared/api/operations";
import { RelativeTime } from "@/shared/ui/relative-time";
import { RouterLink } from "@/shared/ui/router-link";
import { Section } from "@/shared/ui/section";
import { moments } from "./timeline";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0 },
  moment: {
    position: "relative",
    paddingInlineStart: "20px",
    paddingBottom: "12px",
    borderInlineStartWidth: "2px",
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorNeutralStroke2,
    marginInlineStart: "5px",
    "::before": {
      content: '""',
      position: "absolute",
      insetInlineStart: "-6px",
      top: "5px",
      width: "10px",
      height: "10px",
      borderRadius: "50%",
      backgroundColor: tokens.colorCompoundBrandBackground,
    },
    ":last-child": { borderInlineStartColor: "transparent" },
  },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

interface OperationTimelineProps {
  operation: Operation;
  trail: Schema<"AuditEvent">[];
  /** Whether the caller may read the audit trail. */
  mayRead: boolean;
}

/** What happened, oldest first, and the way to the whole trail. */
export function OperationTimeline({ operation, trail, mayRead }: OperationTimelineProps) {
  const styles = useStyles();
  return (
    <Section title="Timeline">
      <ol className={styles.list}>
        {moments(operation, trail).map(({ key, at, what, who }) => (
          <li key={key} className={styles.moment}>
            <Text>
              {what}
              {who && ` by ${who}`}
            </Text>
            <div className={styles.quiet}>
              <RelativeTime at={at} both />
            </div>
          </li>
        ))}
      </ol>
      {mayRead && (
        <span>
          <RouterLink {...paths.audit()} search={{ operation: operation.id }}>
            Open the audit trail of this operation
          </RouterLink>
        </span>
      )}
    </Section>
  );
}
