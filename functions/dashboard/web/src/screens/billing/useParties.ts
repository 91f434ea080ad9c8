import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { useSession } from "../../auth/session";
import { useNames, type NameOf } from "../../people/names";
import { parties } from "./queries";

/** What parties are called: as they are entered for their bills, else as the directory calls them. */
export function usePartyNames(): NameOf {
  const isAdmin = useSession()?.role === "admin";
  const nameOf = useNames();
  const entered = useQuery({ ...parties, enabled: isAdmin }).data;
  return useMemo(() => {
    const names = new Map((entered ?? []).flatMap(({ email, name }) => (name === null ? [] : [[email, name] as const])));
    return (email) => names.get(email) ?? nameOf(email);
  }, [entered, nameOf]);
}
