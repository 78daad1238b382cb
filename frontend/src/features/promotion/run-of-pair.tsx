import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { paths } from "@/app/paths";
import { isActive, type Operation, operationQuery, useLiveness } from "@/shared/api/operations";
import { toProblem } from "@/shared/api/problem";
import { useWorkspace } from "@/shared/api/workspace";
import { operationWord } from "@/shared/lib/words";
import { useAnnounce } from "@/shared/ui/announcer";
import { RelativeTime } from "@/shared/ui/relative-time";
import { RouterLink } from "@/shared/ui/router-link";
import { RunCard } from "@/shared/ui/run-card";
import { StatusBadge } from "@/shared/ui/status-badge";

const useStyles = makeStyles({
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px 12px" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface RunOfPairProps {
  /** The run in the address. */
  run: string | undefined;
  /** The newest promotion of this pair. */
  latest: Operation | null;
  /** It has ended: what is compared has moved. */
  onFinished: () => void;
}

/** The promotion that was started from here with live progress, or the last one of the pair. */
export function RunOfPair({ run, latest, onFinished }: RunOfPairProps) {
  const styles = useStyles();
  const active = latest && isActive(latest) ? latest.id : undefined;
  const followed = run ?? active;
  if (followed)
    return <Followed key={followed} id={followed} known={latest ?? undefined} onFinished={onFinished} />;
  if (!latest) return null;
  return (
    <span className={styles.line}>
      <Text className={styles.quiet}>Last promotion of this pair</Text>
      <StatusBadge {...operationWord(latest)} />
      <RelativeTime at={latest.completed_at} />
      <RouterLink {...paths.operation(latest.id)}>Open operation</RouterLink>
    </span>
  );
}

function Followed({
  id,
  known,
  onFinished,
}: {
  id: string;
  known: Operation | undefined;
  onFinished: () => void;
}) {
  const styles = useStyles();
  const workspace = useWorkspace();
  const liveness = useLiveness();
  const announce = useAnnounce();
  const { data, error } = useQuery(operationQuery(workspace.workspace_id, id, liveness));
  const operation = data ?? (known?.id === id ? known : undefined);
  const wasActive = useRef(false);
  useEffect(() => {
    if (!operation) return;
    if (isActive(operation)) {
      wasActive.current = true;
      return;
    }
    if (!wasActive.current) return;
    wasActive.current = false;
    // With an event stream the frame says it.
    if (liveness === "polling") announce(`${operation.label}: ${operationWord(operation).label}.`);
    onFinished();
  }, [operation, liveness, announce, onFinished]);
  if (operation) return <RunCard operation={operation} />;
  if (!error) return <Text className={styles.quiet}>Loading the operation</Text>;
  if (toProblem(error).status !== 404)
    return (
      <Text className={styles.quiet}>
        The operation cannot be loaded at present. It goes on without this page.
      </Text>
    );
  return (
    <Text className={styles.quiet}>The operation of this address is not there, or you may not see it.</Text>
  );
}
