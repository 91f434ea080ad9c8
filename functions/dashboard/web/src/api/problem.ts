/** What the API says when it refuses, in the form of RFC 9457, and what a page can do about it. */

export interface FieldError {
  field: string;
  message: string;
}

interface ProblemBody {
  title?: string;
  detail?: string;
  message?: string;
  status?: number;
  request_id?: string;
  errors?: FieldError[] | null;
  class_ids?: string[];
}

/** A refusal. `status` 0 means that nothing answered at all: this device or the service is not on the network. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly fields: readonly FieldError[] = [],
    readonly requestId: string | null = null,
    readonly classIds: readonly string[] = [],
  ) {
    super(detail || title);
    this.name = "Problem";
  }

  get isOffline(): boolean {
    return this.status === 0;
  }

  get isForbidden(): boolean {
    return this.status === 403;
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }

  /** Whether asking again may help without anything else being changed. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The refusal in an answer's body, which the API writes for people to read. */
export function problemOf(response: Response, body: unknown): Problem {
  const told: ProblemBody = typeof body === "object" && body !== null ? body : {};
  const title = told.title ?? (response.statusText || `Status ${String(response.status)}`);
  return new Problem(
    response.status,
    title,
    told.detail ?? told.message ?? "",
    told.errors ?? [],
    told.request_id ?? response.headers.get("x-request-id"),
    told.class_ids ?? [],
  );
}

/** Any thrown thing as a problem that a page can show. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError) return new Problem(0, "", "");
  return new Problem(500, "", thrown instanceof Error ? thrown.message : String(thrown));
}

/** Put what the API refuses beside the fields that it names; what has no field comes back. */
export function placed<Name extends string>(
  thrown: unknown,
  places: Readonly<Record<string, Name>>,
  setError: (name: Name, error: { message: string }, options: { shouldFocus: boolean }) => void,
): Problem | null {
  const problem = asProblem(thrown);
  let isLeft = problem.fields.length === 0;
  for (const { field, message } of problem.fields) {
    const place = places[field] ?? places[field.split(/[.[]/)[0] ?? ""];
    if (place === undefined) isLeft = true;
    else setError(place, { message }, { shouldFocus: true });
  }
  return isLeft ? problem : null;
}
