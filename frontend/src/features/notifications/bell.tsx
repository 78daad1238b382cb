import { Button, CounterBadge, makeStyles, Tooltip } from "@fluentui/react-components";
import { Alert20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { notificationsQuery } from "./queries";

const useStyles = makeStyles({
  root: { position: "relative", display: "inline-flex" },
  badge: { position: "absolute", top: "1px", insetInlineEnd: "0", pointerEvents: "none" },
});

/** The bell with the number of unread notifications. */
export function NotificationsBell() {
  const styles = useStyles();
  const { data } = useQuery(notificationsQuery());
  const unread = data?.items.filter(({ read_at }) => read_at === null).length ?? 0;
  const label = unread > 0 ? `Notifications, ${unread} unread` : "Notifications";
  return (
    <span className={styles.root}>
      <Tooltip content={label} relationship="label">
        <Button appearance="subtle" icon={<Alert20Regular />} />
      </Tooltip>
      {unread > 0 && (
        <CounterBadge className={styles.badge} count={unread} size="small" color="danger" aria-hidden />
      )}
    </span>
  );
}
