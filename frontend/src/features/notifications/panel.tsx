import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { paths } from "@/app/paths";
import type { Schema } from "@/shared/api/client";
import { plural } from "@/shared/lib/format";
import { ActionButton } from "@/shared/ui/action-button";
import { useAnnounce } from "@/shared/ui/announcer";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { RelativeTime } from "@/shared/ui/relative-time";
import { RouterLink } from "@/shared/ui/router-link";
import { Answer } from "@/shared/ui/states";
import { useMarkRead } from "./queries";

type Notification = Schema<"Notification">;

const useStyles = makeStyles({
  head: { display: "flex", alignItems: "center", gap: "8px", padding: "12px 16px", minHeight: "32px" },
  title: {
    margin: 0,
    flexGrow: 1,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  body: { maxHeight: "min(480px, 60vh)", overflowY: "auto", paddingInline: "16px", paddingBottom: "12px" },
  list: { listStyleType: "none", margin: 0, padding: 0 },
  item: {
    display: "flex",
    flexDirection: "column",
    gap: "2px",
    padding: "8px 0 8px 12px",
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    borderInlineStartWidth: "3px",
    borderInlineStartStyle: "solid",
    borderInlineStartColor: "transparent",
  },
  unread: { borderInlineStartColor: tokens.colorBrandStroke1 },
  strong: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

interface PanelProps {
  query: { data: Schema<"NotificationList"> | undefined; error: unknown; refetch: () => unknown };
  /** Called when a link is followed. */
  onLeave: () => void;
}

/** The newest notifications with the way to what they tell of. */
export function NotificationsPanel({ query, onLeave }: PanelProps) {
  const styles = useStyles();
  const announce = useAnnounce();
  const markRead = useMarkRead();
  const anyUnread = query.data?.items.some(({ read_at }) => read_at === null) ?? false;
  const all = () =>
    markRead.mutate(undefined, {
      onSuccess: ({ marked }) => announce(`${plural(marked, "notification")} marked as read.`),
    });
  return (
    <>
      <div className={styles.head}>
        <h2 className={styles.title}>Notifications</h2>
        {anyUnread && (
          <ActionButton size="small" appearance="subtle" busy={markRead.isPending} onClick={all}>
            Mark all as read
          </ActionButton>
        )}
      </div>
      <div className={styles.body}>
        <ProblemBanner error={markRead.error} />
        <Answer query={query} what="the notifications" rows={3}>
          {({ items }) =>
            items.length === 0 ? (
              <Text>Nothing yet. You will hear here when work that you started has ended.</Text>
            ) : (
              <ul className={styles.list}>
                {items.map((each) => (
                  <Entry
                    key={each.id}
                    notification={each}
                    onRead={() => markRead.mutate([each.id])}
                    onLeave={onLeave}
                  />
                ))}
              </ul>
            )
          }
        </Answer>
      </div>
    </>
  );
}

interface EntryProps {
  notification: Notification;
  onRead: () => void;
  onLeave: () => void;
}

function Entry({ notification, onRead, onLeave }: EntryProps) {
  const styles = useStyles();
  const { title, body, created_at, read_at, operation_id, workspace_id } = notification;
  const unread = read_at === null;
  function follow() {
    if (unread) onRead();
    onLeave();
  }
  return (
    <li className={mergeClasses(styles.item, unread && styles.unread)}>
      <span className={mergeClasses(unread && styles.strong)}>
        {operation_id ? (
          <RouterLink
            {...paths.operation(operation_id)}
            search={{ workspace: workspace_id }}
            onClick={follow}
          >
            {title}
          </RouterLink>
        ) : (
          title
        )}
        {unread && " (unread)"}
      </span>
      <span>{body}</span>
      <span className={styles.quiet}>
        <RelativeTime at={created_at} />
      </span>
    </li>
  );
}
