import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { type ClientProblem, unreachable, unreadable } from "./problem";
import type { components, paths } from "./schema";

/** The types of the contract by name: Schema<"Tenant">. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/**
 * Where the API is. The page's meta tag wins, then the build's VITE_API_BASE,
 * else the origin that served the page.
 */
export function apiOrigin(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="tenantatlas-api"]')?.content;
  return (meta || import.meta.env.VITE_API_BASE || window.location.origin).replace(/\/$/, "");
}

/** The full address of an API path, for streams and downloads. */
export const apiAddress = (path: string): string => `${apiOrigin()}/api/v1${path}`;

const asProblem = (problem: ClientProblem, status: number): Response =>
  new Response(JSON.stringify(problem), { status, headers: { "Content-Type": "application/problem+json" } });

/** Every failure becomes a problem: also those of the network and of proxies. */
const problemsOnly: Middleware = {
  onResponse({ response }) {
    if (response.ok || response.headers.get("Content-Type")?.includes("problem+json")) return undefined;
    return asProblem(unreadable(response.status), response.status);
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    return asProblem(unreachable(), 503);
  },
};

export const client = createFetchClient<paths>({
  baseUrl: apiAddress(""),
  credentials: "include",
  fetch: (request) => globalThis.fetch(request),
});
client.use(problemsOnly);

/** Query and mutation options by method and path; components never spell a key. */
export const api = createQueryClient(client);
