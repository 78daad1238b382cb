import { vi } from "vitest";
import type { ProblemCode } from "@/shared/api/problem";

/** What was asked, for answers that depend on it and for expectations. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
}

type Reply = unknown | Response | ((asked: Asked) => unknown | Response | Promise<unknown>);

/** By method and path, "GET /api/v1/me"; a ":name" in the path stands for any one part. */
export type Answers = Record<string, Reply>;

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });

/** A success with a status or headers of its own. */
export const reply =
  (body: unknown, status = 200, headers?: Record<string, string>) =>
  () =>
    json(body, status, headers);

/** A refusal as the server writes it. */
export const problem =
  (status: number, code: ProblemCode, members: Record<string, unknown> = {}) =>
  () =>
    new Response(
      JSON.stringify({
        type: `/problems/${code.replaceAll("_", "-")}`,
        title: "Refused",
        status,
        detail: "The server's own sentence.",
        code,
        request_id: "request-1",
        errors: [],
        ...members,
      }),
      { status, headers: { "Content-Type": "application/problem+json" } },
    );

/** An answer that never comes: the page stays in its loading state. */
export const never = () => new Promise<never>(() => undefined);

function matches(pattern: string, method: string, path: string): boolean {
  const [wantMethod, wantPath = ""] = pattern.split(" ");
  const want = wantPath.split("/");
  const got = path.split("/");
  return (
    wantMethod === method &&
    want.length === got.length &&
    want.every((part, i) => part[0] === ":" || part === got[i])
  );
}

/** Replaces fetch. What no answer is for fails the spec with its address. */
export function mockNetwork(answers: Answers) {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (input: Request | string, init?: RequestInit) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const text = await request.text();
    const one: Asked = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      body: text ? JSON.parse(text) : undefined,
      headers: request.headers,
    };
    asked.push(one);
    const pattern = Object.keys(answers).find((each) => matches(each, one.method, one.path));
    if (!pattern) throw new Error(`the spec has no answer for ${one.method} ${one.path}`);
    const answer = answers[pattern];
    const result = typeof answer === "function" ? await answer(one) : answer;
    return result instanceof Response ? result : json(result);
  });
  return { asked, of: (pattern: string) => asked.filter((one) => matches(pattern, one.method, one.path)) };
}
