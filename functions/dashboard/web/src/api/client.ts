import createClient, { type Middleware } from "openapi-fetch";

import { currentSession, endSession } from "../auth/session";
import { asProblem, Problem, problemOf } from "./problem";
import type { components, paths } from "./schema";

/** Every body of the API by its name, made from the API's own description. */
export type Schemas = components["schemas"];

const SIGN_IN = "/api/user-sessions/sign-in";

const signing: Middleware = {
  onRequest({ request, schemaPath }) {
    const session = currentSession();
    // Where nobody is signed in nothing is asked: a stack on one's own machine takes a caller without a token for its administrator.
    if (session === null && schemaPath !== SIGN_IN) return new Response(null, { status: 401 });
    const token = session?.token;
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
  onResponse({ response }) {
    if (response.status === 401) endSession("ended");
    return undefined;
  },
};

/** The API with its own types. Everything goes through `answered`, so that a refusal is always a `Problem`. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => window.fetch(request),
});
api.use(signing);

interface Answer<Body> {
  data?: Body;
  error?: unknown;
  response: Response;
}

/** The body of an answer; throws a `Problem` for every refusal, and for no answer at all. */
export async function answered<Body>(asking: Promise<Answer<Body>>): Promise<Exclude<Body, string>> {
  const { data, error, response } = await asking.catch((thrown: unknown) => {
    throw asProblem(thrown);
  });
  if (!response.ok || data === undefined) throw problemOf(response, error);
  // Where a route can also make a table in CSV, JSON is what it makes unless it is asked for the other.
  return data as Exclude<Body, string>;
}

/** A file that the API makes, such as a table in CSV, with the name that it gives it. */
export async function downloaded(path: string, search: URLSearchParams): Promise<{ blob: Blob; name: string }> {
  const token = currentSession()?.token;
  const headers = token ? { Authorization: `Bearer ${token}` } : undefined;
  const response = await window.fetch(`${path}?${search.toString()}`, headers ? { headers } : {}).catch((thrown: unknown) => {
    throw asProblem(thrown);
  });
  if (!response.ok) throw problemOf(response, await response.json().catch(() => null));
  const named = /filename="?([^";]+)"?/.exec(response.headers.get("content-disposition") ?? "");
  return { blob: await response.blob(), name: named?.[1] ?? "attendance.csv" };
}

/** Whether asking once more is sensible: what cannot change by itself is told at once. */
export function isWorthRetrying(failures: number, thrown: unknown): boolean {
  return failures < 2 && thrown instanceof Problem && thrown.isPassing;
}
