import { FluentProvider, makeStyles, tokens, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { useMedia } from "@/shared/lib/use-media";

export type ThemeChoice = "system" | "light" | "dark";

interface Chosen {
  choice: ThemeChoice;
  choose: (choice: ThemeChoice) => void;
}

const ThemeContext = createContext<Chosen>({ choice: "system", choose: () => undefined });

const useStyles = makeStyles({
  root: {
    minHeight: "100vh",
    display: "flex",
    flexDirection: "column",
    backgroundColor: tokens.colorNeutralBackground3,
  },
});

/** Fluent with the system's theme; another choice lasts until the page is loaded again. */
export function AppTheme({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const systemDark = useMedia("(prefers-color-scheme: dark)");
  const [choice, choose] = useState<ThemeChoice>("system");
  const dark = choice === "system" ? systemDark : choice === "dark";
  const chosen = useMemo(() => ({ choice, choose }), [choice]);
  useEffect(() => {
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    document.body.style.margin = "0";
  }, [dark]);
  return (
    <ThemeContext value={chosen}>
      <FluentProvider theme={dark ? webDarkTheme : webLightTheme}>
        {/* Not on the provider: its class goes to every portal, too. */}
        <div className={styles.root}>{children}</div>
      </FluentProvider>
    </ThemeContext>
  );
}

export const useTheme = (): Chosen => useContext(ThemeContext);
