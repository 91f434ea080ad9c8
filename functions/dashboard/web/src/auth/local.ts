import type { Role } from "./session";

/** Somebody of the local school, whom the stack on one's own machine signs in without a question. */
export interface LocalPerson {
  role: Role;
  email: string;
  token: string;
}

const ROLES: readonly Role[] = ["admin", "teacher", "user"];

/** The people that the local stack offers; none where it offers nobody. */
export async function readLocalPeople(): Promise<readonly LocalPerson[]> {
  try {
    const response = await fetch("/_local/tokens");
    if (!response.ok) return [];
    const told = (await response.json()) as Partial<Record<Role, { email: string; token: string }>>;
    return ROLES.flatMap((role) => (told[role] ? [{ role, ...told[role] }] : []));
  } catch {
    return [];
  }
}
