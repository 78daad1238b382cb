import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { plural } from "@/shared/lib/format";
import { ActionButton } from "./action-button";

const useStyles = makeStyles({
  root: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "12px" },
  words: { color: tokens.colorNeutralForeground2 },
});

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Below a list that comes in pages: how much is shown, and the next page. */
export function LoadMore({ query, shown, noun }: { query: Paged; shown: number; noun: string }) {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      <Text className={styles.words}>
        {plural(shown, noun)} shown{query.hasNextPage ? "" : ", nothing older"}
      </Text>
      {query.hasNextPage && (
        <ActionButton busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          Load more
        </ActionButton>
      )}
    </div>
  );
}
