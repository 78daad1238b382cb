import { Dialog, DialogBody, DialogContent, DialogSurface, DialogTitle } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import { SignInForm } from "@/features/session/sign-in-form";
import { sessionBegan } from "@/shared/api/session";
import { useSessionExpired } from "@/shared/api/session-state";

/** Asks to sign in again over the page, which keeps its state. */
export function SessionExpired({ email }: { email: string }) {
  const expired = useSessionExpired();
  const queryClient = useQueryClient();
  return (
    <Dialog open={expired} modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>Your session has ended</DialogTitle>
          <DialogContent>
            <p>Sign in again to continue. The page stays as it is.</p>
            {expired && <SignInForm email={email} onSignedIn={() => void sessionBegan(queryClient)} />}
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
