import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { onlineManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

const subscribe = (listener: () => void) => onlineManager.subscribe(listener);

/** Says that the browser has no network; what is on the page stays. */
export function OfflineBanner() {
  const online = useSyncExternalStore(subscribe, () => onlineManager.isOnline());
  if (online) return null;
  return (
    <MessageBar intent="warning" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>You are offline</MessageBarTitle>
        What you see may be out of date. The page continues by itself when the connection is back.
      </MessageBarBody>
    </MessageBar>
  );
}
