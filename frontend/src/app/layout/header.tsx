import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { Link } from "@tanstack/react-router";
import { paths } from "@/app/paths";
import { NotificationsBell } from "@/features/notifications/bell";
import type { Schema } from "@/shared/api/client";
import type { Membership } from "@/shared/api/workspace";
import { SectionBoundary } from "@/shared/ui/section-boundary";
import { ThemeMenu } from "./theme-menu";
import { UserMenu } from "./user-menu";
import { WorkspaceSwitcher } from "./workspace-switcher";

const useStyles = makeStyles({
  header: {
    display: "flex",
    alignItems: "center",
    gap: "4px",
    minHeight: "48px",
    paddingInline: "12px",
    flexShrink: 0,
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
    // Everything in the bar stands on the brand colour, whatever it is.
    "& button": { color: tokens.colorNeutralForegroundOnBrand, backgroundColor: "transparent" },
    "& button:hover, & button[aria-expanded=true]": {
      color: tokens.colorNeutralForegroundOnBrand,
      backgroundColor: tokens.colorBrandBackgroundHover,
    },
    "& button:active:hover": {
      color: tokens.colorNeutralForegroundOnBrand,
      backgroundColor: tokens.colorBrandBackgroundPressed,
    },
    "& button .fui-Button__icon, & button:hover .fui-Button__icon, & button:hover:active .fui-Button__icon": {
      color: tokens.colorNeutralForegroundOnBrand,
    },
  },
  home: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    color: tokens.colorNeutralForegroundOnBrand,
    textDecorationLine: "none",
    paddingInline: "4px",
    borderRadius: tokens.borderRadiusMedium,
    ":focus-visible": { outline: `2px solid ${tokens.colorNeutralForegroundOnBrand}` },
  },
  mark: { width: "20px", height: "20px", flexShrink: 0 },
  name: {
    fontWeight: tokens.fontWeightSemibold,
    fontSize: tokens.fontSizeBase400,
    "@media (max-width: 479px)": { display: "none" },
  },
  push: { flexGrow: 1, minWidth: 0 },
});

interface HeaderProps {
  user: Schema<"User">;
  memberships: Membership[];
  current: Membership | undefined;
}

/** The bar on top: product, workspace, notifications, theme, user. */
export function Header({ user, memberships, current }: HeaderProps) {
  const styles = useStyles();
  return (
    <header className={styles.header}>
      <Link {...paths.tenants()} className={styles.home} aria-label="TenantAtlas, tenants">
        <svg
          viewBox="0 0 32 32"
          className={styles.mark}
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.500"
          strokeLinejoin="round"
        >
          <path d="M4 8.500 12 5.500v18l-8 3zM12 5.500l8 3v18l-8-3M20 8.500l8-3v18l-8 3" />
        </svg>
        <Text className={styles.name}>TenantAtlas</Text>
      </Link>
      <div className={styles.push} />
      {current && <WorkspaceSwitcher memberships={memberships} current={current} />}
      <SectionBoundary>
        <NotificationsBell />
      </SectionBoundary>
      <ThemeMenu />
      <UserMenu user={user} />
    </header>
  );
}
