import { makeStyles } from "@fluentui/react-components";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";

const useStyles = makeStyles({
  hidden: {
    position: "absolute",
    width: "1px",
    height: "1px",
    overflow: "hidden",
    clipPath: "inset(50%)",
    whiteSpace: "nowrap",
  },
});

const Announce = createContext<(message: string) => void>(() => undefined);

/** The page's one live region. What is queued or finished is said here. */
export function AnnouncerProvider({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const [said, setSaid] = useState({ message: "", turn: 0 });
  const announce = useCallback((message: string) => setSaid(({ turn }) => ({ message, turn: turn + 1 })), []);
  return (
    <Announce value={announce}>
      {children}
      <output className={styles.hidden} aria-live="polite" data-testid="announcer">
        {/* A new key makes the same sentence heard again. */}
        <span key={said.turn}>{said.message}</span>
      </output>
    </Announce>
  );
}

/** Says a sentence to screen readers, after what they are saying now. */
export const useAnnounce = (): ((message: string) => void) => useContext(Announce);
