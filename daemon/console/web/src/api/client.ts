// The typed door to the console's API: adds the CSRF token, learns the server's time, turns every refusal into a Problem.
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "@/generated/api";
import { clockLearn } from "@/live/clock";
import { isAway } from "@/live/presence";

export type Schemas = components["schemas"];
export type ProblemCode = Schemas["Problem"]["code"] | "offline";

/** What the server refused, or `offline` when it did not answer. Codes are translated, titles are for logs. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly field?: string,
    readonly rule?: string,
  ) {
    super(code);
  }
}

const SAFE_METHODS = ["GET", "HEAD"];
let csrfToken = "";
let onSessionEnd: () => void = () => undefined;

export function csrfSet(token: string): void {
  csrfToken = token;
}

/** Called when an answer says that the session is over. */
export function sessionEndHandle(handler: () => void): void {
  onSessionEnd = handler;
}

const guard: Middleware = {
  onRequest({ request }) {
    if (!SAFE_METHODS.includes(request.method)) {
      request.headers.set("X-CSRF-Token", csrfToken);
    }
    if (isAway()) {
      request.headers.set("X-Passive", "1");
    }
    return request;
  },
  onResponse({ response }) {
    clockLearn(response.headers.get("Date"));
  },
};

export const api = createClient<paths>({ baseUrl: "/api", credentials: "same-origin" });
api.use(guard);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

function problemOf(error: unknown): Problem {
  if (typeof error === "object" && error !== null && "code" in error) {
    const problem = error as Schemas["Problem"];
    return new Problem(problem.code, problem.field, problem.rule);
  }
  return new Problem("internal");
}

/** The answer's body, or throws a Problem. */
export async function ask<T>(pending: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await pending;
  } catch {
    throw new Problem("offline");
  }
  if (answer.response.ok) {
    return answer.data as T;
  }
  const problem = problemOf(answer.error);
  if (problem.code === "no_session") {
    onSessionEnd();
  }
  throw problem;
}
