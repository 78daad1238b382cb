import {
  Button,
  CounterBadge,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  Tooltip,
} from "@fluentui/react-components";
import { Alert20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { NotificationsPanel } from "./panel";
import { notificationsQuery, useNewsOfOperations } from "./queries";
import { unreadCount } from "./unread";

const useStyles = makeStyles({
  root: { position: "relative", display: "inline-flex" },
  badge: { position: "absolute", top: "1px", insetInlineEnd: "0", pointerEvents: "none" },
  surface: { width: "min(400px, calc(100vw - 32px))", boxSizing: "border-box", padding: 0 },
});

/** The bell with the number of unread notifications, and their list behind it. */
export function NotificationsBell() {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const query = useQuery(notificationsQuery());
  useNewsOfOperations();
  const unread = query.data ? unreadCount(query.data) : { count: 0, words: "" };
  return (
    <span className={styles.root}>
      <Popover open={open} onOpenChange={(_, data) => setOpen(data.open)} trapFocus positioning="below-end">
        <PopoverTrigger disableButtonEnhancement>
          <Tooltip
            content={unread.words ? `Notifications, ${unread.words}` : "Notifications"}
            relationship="label"
          >
            <Button appearance="subtle" icon={<Alert20Regular />} />
          </Tooltip>
        </PopoverTrigger>
        <PopoverSurface className={styles.surface} aria-label="Notifications">
          <NotificationsPanel query={query} onLeave={() => setOpen(false)} />
        </PopoverSurface>
      </Popover>
      {unread.count > 0 && (
        <CounterBadge
          className={styles.badge}
          count={unread.count}
          overflowCount={49}
          size="small"
          color="danger"
          aria-hidden
        />
      )}
    </span>
  );
}
