import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { useCallback } from "react";
import { LivenessProvider, type Operation, useFollowOperations } from "@/shared/api/operations";
import { type Membership, WorkspaceProvider } from "@/shared/api/workspace";
import { operationWord } from "@/shared/lib/words";
import { useAnnounce } from "@/shared/ui/announcer";
import { SectionBoundary } from "@/shared/ui/section-boundary";
import { Empty } from "@/shared/ui/states";
import { Header } from "./header";
import { SessionExpired } from "./session-expired";
import { SideNavigation } from "./side-navigation";

const useStyles = makeStyles({
  skip: {
    position: "absolute",
    left: "8px",
    top: "-100px",
    zIndex: 10,
    ":focus": { top: "6px" },
  },
  below: { display: "flex", flexGrow: 1, minHeight: 0, minWidth: 0 },
  main: {
    display: "flex",
    flexDirection: "column",
    flexGrow: 1,
    minWidth: 0,
    backgroundColor: tokens.colorNeutralBackground2,
    // The navigation lies over the lower edge there.
    "@media (max-width: 640px)": { paddingBottom: "48px" },
  },
});

const admin = getRouteApi("/admin");

/** Header, navigation and the page of the operators' part. */
export function AdminFrame() {
  const styles = useStyles();
  const { membership, memberships, me } = admin.useLoaderData();
  return (
    <>
      <Button className={styles.skip} as="a" href="#main">
        Skip to content
      </Button>
      <Header user={me.user} memberships={memberships} current={membership} />
      <div className={styles.below}>
        <SideNavigation />
        <main id="main" className={styles.main} tabIndex={-1}>
          {membership ? (
            <InWorkspace key={membership.workspace_id} membership={membership} />
          ) : (
            <NoWorkspace />
          )}
        </main>
      </div>
      <SessionExpired email={me.user.email} />
    </>
  );
}

function InWorkspace({ membership }: { membership: Membership }) {
  const announce = useAnnounce();
  const finished = useCallback(
    (operation: Operation) => announce(`${operation.label}: ${operationWord(operation).label}.`),
    [announce],
  );
  const liveness = useFollowOperations(membership.workspace_id, finished);
  return (
    <WorkspaceProvider membership={membership}>
      <LivenessProvider value={liveness}>
        <SectionBoundary>
          <Outlet />
        </SectionBoundary>
      </LivenessProvider>
    </WorkspaceProvider>
  );
}

function NoWorkspace() {
  return (
    <Empty title="You are not in a workspace yet">
      Ask an owner or manager of your workspace to add you as a member. Then reload this page.
    </Empty>
  );
}
