import { useSyncExternalStore } from "react";

// Whether the server stopped knowing the session while the page was open. It
// belongs to the browser's page, so it lives outside of React.
let expired = false;
const listeners = new Set<() => void>();

function set(value: boolean): void {
  if (expired === value) return;
  expired = value;
  for (const listener of listeners) listener();
}

export const reportExpired = (): void => set(true);
export const clearExpired = (): void => set(false);

export function useSessionExpired(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => expired,
  );
}
