import type { components } from "./schema";

type Problem = components["schemas"]["Problem"];

/** Codes of the contract, and two for what never reached it. */
export type ProblemCode = Problem["code"] | "unreachable" | "unreadable";

export type ClientProblem = Omit<Problem, "code"> & { code: ProblemCode };

/** What people read: what happened, and what they can do. */
export interface ProblemText {
  title: string;
  next: string;
}

/** Every code has a text; the server's own sentence stands between title and next step. */
export const problemTexts: Record<ProblemCode, ProblemText> = {
  unauthenticated: { title: "You are not signed in", next: "Sign in to continue." },
  not_found: {
    title: "Not found",
    next: "Check the address. If somebody sent it to you, ask for access to the tenant.",
  },
  forbidden: { title: "Your role does not allow this", next: "Ask an owner or manager of the workspace." },
  invalid_input: { title: "Some entries need correcting", next: "Correct the marked fields and try again." },
  method_not_allowed: { title: "This is not possible here", next: "Reload the page and try again." },
  unsupported_media_type: {
    title: "The server did not accept this format",
    next: "Reload the page and try again.",
  },
  body_too_large: { title: "That is too much at once", next: "Select fewer items or shorten the text." },
  rate_limited: { title: "Too many requests", next: "Wait a minute, then try again." },
  precondition_required: { title: "The page is out of date", next: "Reload the page and try again." },
  precondition_failed: {
    title: "Somebody else changed this",
    next: "Reload to see the present state, then make your change again.",
  },
  conflict: {
    title: "This does not fit the present state",
    next: "Reload the page and check what has changed.",
  },
  idempotency_key_reused: {
    title: "This was sent before with other content",
    next: "Reload the page and try again.",
  },
  idempotency_in_progress: { title: "This is already being done", next: "Wait a moment and look again." },
  secret_already_shown: {
    title: "The secret was shown already",
    next: "It is never shown twice. Create a new token and remove the old one.",
  },
  cursor_stale: { title: "The inventory has changed", next: "Load the list again from the beginning." },
  directory_already_registered: {
    title: "This directory is already in the workspace",
    next: "Open the existing tenant instead.",
  },
  same_tenant: {
    title: "Source and target are the same tenant",
    next: "Choose a different source or target.",
  },
  scope_busy: {
    title: "The target tenant is busy",
    next: "Open the operation that is running, or try again when it has finished.",
  },
  operation_blocked: { title: "This cannot be started now", next: "Remove the cause, then start it again." },
  preflight_stale: {
    title: "The preflight is out of date",
    next: "Generate it again and review the changes.",
  },
  confirmation_mismatch: {
    title: "The numbers have changed",
    next: "Generate the preflight again and confirm anew.",
  },
  confirmation_required: { title: "This needs your confirmation", next: "Confirm to continue." },
  no_ready_subjects: {
    title: "Nothing is ready",
    next: "Look at the blocked subjects and what would have to change.",
  },
  operation_completed: { title: "The operation has finished", next: "Reload to see its result." },
  composition_not_current: {
    title: "The review is out of date",
    next: "Refresh the review, then try again.",
  },
  publication_blocked: { title: "Publication is blocked", next: "Resolve the publication blockers first." },
  readiness_changed: { title: "The readiness has changed", next: "Look at the present state, then publish." },
  step_not_current: { title: "Another step comes first", next: "Continue with the step that is open." },
  step_not_startable: { title: "This step cannot be started", next: "Look at what it waits for." },
  unavailable: { title: "The service is not available", next: "Try again in a minute." },
  internal: {
    title: "Something went wrong on the server",
    next: "Try again. If it stays, report the request id.",
  },
  unreachable: {
    title: "The server cannot be reached",
    next: "Check your connection. The page tries again when you are back online.",
  },
  unreadable: { title: "The server's answer could not be read", next: "Try again in a minute." },
};

const blank = { errors: [], request_id: "", type: "about:blank" };

export const unreachable = (): ClientProblem => ({
  ...blank,
  code: "unreachable",
  status: 0,
  title: problemTexts.unreachable.title,
  detail: "",
});

export const unreadable = (status: number): ClientProblem => ({
  ...blank,
  code: "unreadable",
  status,
  title: problemTexts.unreadable.title,
  detail: "",
});

function isProblem(value: unknown): value is ClientProblem {
  return typeof value === "object" && value !== null && "code" in value && "status" in value;
}

/** Whatever was thrown, as a problem that can be shown. */
export function toProblem(error: unknown): ClientProblem {
  if (isProblem(error)) return error;
  return { ...unreadable(0), code: "internal", title: problemTexts.internal.title };
}

/** Title and next step; a code this build does not know keeps the server's title. */
export function textOf(problem: ClientProblem): ProblemText {
  const known: ProblemText | undefined = problemTexts[problem.code];
  return known ?? { title: problem.title, next: "Reload the page. If it stays, report the request id." };
}

/** The sentence for one field of a request body ("credential.secret"), if it was refused. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!isProblem(error)) return undefined;
  return error.errors.find(({ location }) => location === `body.${field}` || location === field)?.message;
}
