import { Card, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { clearExpired } from "@/shared/api/session-state";
import { SignInForm } from "./sign-in-form";

const useStyles = makeStyles({
  root: { flexGrow: 1, display: "flex", alignItems: "center", justifyContent: "center", padding: "16px" },
  card: { width: "100%", maxWidth: "400px", padding: "32px", gap: "20px", boxSizing: "border-box" },
  brand: { color: tokens.colorBrandForeground1, fontWeight: tokens.fontWeightSemibold },
  title: {
    margin: 0,
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
  },
});

/** The one page without a session. */
export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  const styles = useStyles();
  const queryClient = useQueryClient();
  useEffect(() => {
    document.title = "Sign in - TenantAtlas";
    clearExpired();
  }, []);

  function signedIn() {
    clearExpired();
    queryClient.clear(); // what an earlier person saw
    onSignedIn();
  }

  return (
    <main className={styles.root}>
      <Card className={styles.card}>
        <div>
          <Text className={styles.brand}>TenantAtlas</Text>
          <h1 className={styles.title}>Sign in</h1>
        </div>
        <SignInForm onSignedIn={signedIn} />
      </Card>
    </main>
  );
}
