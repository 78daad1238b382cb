import { makeStyles, mergeClasses, Tooltip, tokens } from "@fluentui/react-components";
import {
  ArrowSwap20Filled,
  ArrowSwap20Regular,
  Building20Filled,
  Building20Regular,
  ClipboardTaskListLtr20Filled,
  ClipboardTaskListLtr20Regular,
  History20Filled,
  History20Regular,
  Settings20Filled,
  Settings20Regular,
} from "@fluentui/react-icons";
import { Link } from "@tanstack/react-router";
import { paths } from "@/app/paths";
import { useMedia } from "@/shared/lib/use-media";

const useStyles = makeStyles({
  nav: {
    flexShrink: 0,
    width: "224px",
    paddingBlock: "8px",
    backgroundColor: tokens.colorNeutralBackground3,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  narrow: { width: "48px" },
  bottom: {
    position: "fixed",
    insetInline: 0,
    bottom: 0,
    zIndex: 5,
    width: "auto",
    paddingBlock: 0,
    borderRight: "none",
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    "& ul": { display: "flex", justifyContent: "space-around" },
  },
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    display: "flex",
    flexDirection: "column",
    gap: "2px",
  },
  row: { flexDirection: "row" },
  link: {
    position: "relative",
    display: "flex",
    alignItems: "center",
    gap: "12px",
    minHeight: "40px",
    paddingInline: "14px",
    marginInline: "4px",
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: "none",
    "& .filled": { display: "none" },
    ":hover": { backgroundColor: tokens.colorNeutralBackground3Hover, color: tokens.colorNeutralForeground1 },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
    '&[aria-current="page"]': {
      color: tokens.colorNeutralForeground1,
      fontWeight: tokens.fontWeightSemibold,
      backgroundColor: tokens.colorNeutralBackground3Selected,
    },
    '&[aria-current="page"]::before': {
      content: '""',
      position: "absolute",
      insetInlineStart: 0,
      top: "10px",
      bottom: "10px",
      width: "3px",
      borderRadius: "2px",
      backgroundColor: tokens.colorCompoundBrandBackground,
    },
    '&[aria-current="page"] .filled': { display: "inline-flex", color: tokens.colorCompoundBrandForeground1 },
    '&[aria-current="page"] .regular': { display: "none" },
  },
  iconOnly: { paddingInline: "10px" },
  icon: { display: "inline-flex" },
});

const entries = [
  { label: "Tenants", link: paths.tenants(), Regular: Building20Regular, Filled: Building20Filled },
  {
    label: "Cross-tenant compare",
    link: paths.compare(),
    Regular: ArrowSwap20Regular,
    Filled: ArrowSwap20Filled,
  },
  {
    label: "Operations",
    link: paths.operations(),
    Regular: ClipboardTaskListLtr20Regular,
    Filled: ClipboardTaskListLtr20Filled,
  },
  { label: "Audit", link: paths.audit(), Regular: History20Regular, Filled: History20Filled },
  { label: "Settings", link: paths.settings(), Regular: Settings20Regular, Filled: Settings20Filled },
];

/** The main navigation: words on wide screens, icons on narrower ones, a bar below on phones. */
export function SideNavigation() {
  const styles = useStyles();
  const bar = useMedia("(max-width: 640px)");
  const icons = useMedia("(max-width: 1023px)");
  return (
    <nav aria-label="Main" className={mergeClasses(styles.nav, icons && styles.narrow, bar && styles.bottom)}>
      <ul className={mergeClasses(styles.list, bar && styles.row)}>
        {entries.map(({ label, link, Regular, Filled }) => {
          const item = (
            <Link
              to={link.to}
              activeProps={{ "aria-current": "page" }}
              activeOptions={{ includeSearch: false, exact: false }}
              aria-label={icons ? label : undefined}
              className={mergeClasses(styles.link, icons && styles.iconOnly)}
            >
              <span className={mergeClasses(styles.icon, "regular")} aria-hidden>
                <Regular />
              </span>
              <span className={mergeClasses(styles.icon, "filled")} aria-hidden>
                <Filled />
              </span>
              {!icons && label}
            </Link>
          );
          return (
            <li key={label}>
              {icons ? (
                <Tooltip content={label} relationship="label" positioning="after">
                  {item}
                </Tooltip>
              ) : (
                item
              )}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
