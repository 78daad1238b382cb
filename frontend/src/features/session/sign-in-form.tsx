import { Field, Input, MessageBar, MessageBarBody, makeStyles } from "@fluentui/react-components";
import { type FormEvent, useState } from "react";
import { toProblem } from "@/shared/api/problem";
import { ActionButton } from "@/shared/ui/action-button";
import { ProblemBanner } from "@/shared/ui/problem-banner";
import { useSignIn } from "./mutations";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "16px" } });

interface SignInFormProps {
  /** Whom to expect, when the page knows. */
  email?: string;
  onSignedIn: () => void;
}

/** Email and password. A refusal never tells whether the account exists. */
export function SignInForm({ email = "", onSignedIn }: SignInFormProps) {
  const styles = useStyles();
  const [account, setAccount] = useState(email);
  const [password, setPassword] = useState("");
  const signIn = useSignIn();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (signIn.isPending) return;
    signIn.mutate(
      { body: { email: account.trim(), password } },
      { onSuccess: onSignedIn, onError: () => setPassword("") },
    );
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <Refusal error={signIn.error} />
      <Field label="Email" required>
        <Input
          type="email"
          name="email"
          autoComplete="username"
          value={account}
          onChange={(_, { value }) => setAccount(value)}
        />
      </Field>
      <Field label="Password" required>
        <Input
          type="password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(_, { value }) => setPassword(value)}
        />
      </Field>
      <ActionButton type="submit" appearance="primary" busy={signIn.isPending}>
        Sign in
      </ActionButton>
    </form>
  );
}

function Refusal({ error }: { error: unknown }) {
  if (!error) return null;
  const { code } = toProblem(error);
  if (code !== "unauthenticated" && code !== "invalid_input") return <ProblemBanner error={error} />;
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        Email or password is not correct. Try again, or ask an owner of your workspace.
      </MessageBarBody>
    </MessageBar>
  );
}
