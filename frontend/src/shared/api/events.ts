import { apiAddress } from "./client";

/** How a page hears of changes: pushed, or by asking every few seconds. */
export type Liveness = "live" | "polling";

export interface EventStream {
  /** Path of the contract with its ids filled in. */
  path: string;
  /** By event name; the data is parsed JSON. */
  on: Record<string, (data: unknown) => void>;
  onLiveness: (state: Liveness) => void;
}

const firstRetry = 2_000;
const longestRetry = 60_000;

/**
 * Follows a stream and comes back by itself: the browser resumes short breaks
 * with Last-Event-ID, a refused stream is opened again later and later. While
 * there is none, onLiveness says "polling". The result ends it.
 */
export function followEvents({ path, on, onLiveness }: EventStream): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = firstRetry;

  function open(): void {
    source = new EventSource(apiAddress(path), { withCredentials: true });
    source.onopen = () => {
      wait = firstRetry;
      onLiveness("live");
    };
    source.onerror = () => {
      onLiveness("polling");
      if (source?.readyState !== EventSource.CLOSED) return; // the browser retries
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, longestRetry);
    };
    for (const [name, handle] of Object.entries(on)) {
      source.addEventListener(name, (event) => handle(JSON.parse((event as MessageEvent<string>).data)));
    }
  }

  if (typeof EventSource === "undefined") {
    onLiveness("polling");
    return () => undefined;
  }
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
