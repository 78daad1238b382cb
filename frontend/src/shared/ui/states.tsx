import {
  Button,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Skeleton,
  SkeletonItem,
  Text,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { textOf, toProblem } from "@/shared/api/problem";
import { CopyableId } from "./copyable-id";

const useStyles = makeStyles({
  rows: { display: "flex", flexDirection: "column", gap: "1px" },
  row: { height: "40px", display: "flex", alignItems: "center" },
  card: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    gap: "8px",
    padding: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalXL}`,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  title: {
    margin: 0,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  words: { maxWidth: "70ch", color: tokens.colorNeutralForeground2 },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px", marginTop: "4px" },
});

/** The shape of what is coming; what: "the tenants". */
export function Loading({ what, rows = 6 }: { what: string; rows?: number }) {
  const styles = useStyles();
  return (
    <Skeleton aria-label={`Loading ${what}`} className={styles.rows} aria-busy>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same
        <div key={row} className={styles.row}>
          <SkeletonItem size={16} />
        </div>
      ))}
    </Skeleton>
  );
}

interface CardProps {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

function Card({ title, children, actions }: CardProps) {
  const styles = useStyles();
  return (
    <section className={styles.card} aria-label={title}>
      <h2 className={styles.title}>{title}</h2>
      {children && <Text className={styles.words}>{children}</Text>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </section>
  );
}

/** Nothing here yet, or nothing that matches: says what to do. */
export function Empty(props: CardProps) {
  return <Card {...props} />;
}

/** Not allowed or not there; without a way to try again, since that helps nobody. */
export function Refused({ error, actions }: { error: unknown; actions?: ReactNode }) {
  const problem = toProblem(error);
  const text = textOf(problem);
  return (
    <Card title={text.title} actions={actions}>
      {problem.detail} {text.next}
    </Card>
  );
}

/** It should have worked: offers another try and the id to report. */
export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const problem = toProblem(error);
  const text = textOf(problem);
  return (
    <div role="alert">
      <Card title={text.title} actions={<Button onClick={onRetry}>Try again</Button>}>
        {problem.detail} {text.next}
        {problem.request_id && (
          <>
            {" "}
            Request id: <CopyableId value={problem.request_id} label="request id" />
          </>
        )}
      </Card>
    </div>
  );
}

/** What is shown is true but not everything; says what is missing. */
export function Partial({ title, children }: { title: string; children: ReactNode }) {
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle>
        {children}
      </MessageBarBody>
    </MessageBar>
  );
}

interface Asked<Data> {
  data: Data | undefined;
  error: unknown;
  refetch: () => unknown;
}

interface AnswerProps<Data> {
  query: Asked<Data>;
  /** What is being loaded, for the skeleton's name: "the tenants". */
  what: string;
  rows?: number;
  children: (data: Data) => ReactNode;
}

/** A query in each of its states; with data, an error of a later look is not in the way. */
export function Answer<Data>({ query, what, rows, children }: AnswerProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (!query.error) return <Loading what={what} rows={rows} />;
  const { status } = toProblem(query.error);
  if (status >= 400 && status < 500) return <Refused error={query.error} />;
  return <Failed error={query.error} onRetry={() => query.refetch()} />;
}
