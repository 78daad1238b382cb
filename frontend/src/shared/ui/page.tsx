import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef } from "react";

const useStyles = makeStyles({
  root: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalL,
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalXXL}`,
    minWidth: 0,
    flexGrow: 1,
    "@media (max-width: 640px)": { padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM}` },
  },
  head: { display: "flex", flexWrap: "wrap", alignItems: "flex-start", columnGap: "24px", rowGap: "12px" },
  words: { flexGrow: 1, minWidth: "min(100%, 280px)", display: "flex", flexDirection: "column", gap: "4px" },
  title: {
    margin: 0,
    outlineStyle: "none",
    overflowWrap: "anywhere",
    fontWeight: tokens.fontWeightSemibold,
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
  },
  lead: { color: tokens.colorNeutralForeground2, maxWidth: "80ch" },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px", alignItems: "center" },
});

interface PageProps {
  title: string;
  /** One sentence below the title. */
  lead?: ReactNode;
  /** Above the title: where this page belongs. */
  breadcrumb?: ReactNode;
  /** Beside the title: one primary button at most. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: document title, heading that takes the focus, actions. */
export function Page({ title, lead, breadcrumb, actions, children }: PageProps) {
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} - TenantAtlas`;
  }, [title]);
  useEffect(() => {
    // Focus follows the route, but never leaves a field or dialog that has it.
    if (document.activeElement === document.body || document.activeElement?.closest("nav, header")) {
      heading.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <div className={styles.root}>
      {breadcrumb}
      <div className={styles.head}>
        <div className={styles.words}>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {title}
          </h1>
          {lead && <Text className={styles.lead}>{lead}</Text>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}
