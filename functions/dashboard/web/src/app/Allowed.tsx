import type { ReactNode } from "react";

import { useSession, type Role } from "../auth/session";
import { words } from "../words";
import { Empty } from "../ui/states";

/** What only some roles may see; to the others it says who may. */
export function Allowed({ to, children }: { to: readonly Role[]; children: ReactNode }) {
  const session = useSession();
  if (session && to.includes(session.role)) return children;
  return <Empty title={words.states.forbidden}>{words.states.forbiddenTo(to.map((role) => words.roles[role]).join(", "))}</Empty>;
}
