import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";

import { answered, api } from "../../api/client";
import { useNow } from "../../time/useNow";
import type { Bounds } from "./period";
import { HUB, outstanding, statement, type DocumentHead, type Side, type Standing } from "./queries";
import { isWanted, rowOf, rowOfAccount, type Row, type Wanted } from "./standing";

/** Which documents are asked for. */
export interface DocumentsAsked {
  side: Side;
  paper: "invoice" | "credit_note" | "payment_order";
  party: string | null;
  bounds: Bounds | null;
  wanted: Wanted | null;
}

/** What a list of documents shows, and how it goes on. */
export interface Documents {
  rows: readonly Row[];
  /** How many were read to find these rows. */
  read: number;
  isPending: boolean;
  error: unknown;
  again: () => void;
  /** Null where everything is read. */
  more: (() => void) | null;
  isReadingMore: boolean;
}

// A page asks for the account of each of its parties, so it holds few.
const AT_ONCE = 25;

/** The documents that are asked for, with how each stands. What is open is found by the accounts, all else by the ledger. */
export function useDocuments(asked: DocumentsAsked): Documents {
  const isOpen = asked.bounds === null && (asked.wanted === "open" || asked.wanted === "overdue");
  const ledger = useLedger(asked, !isOpen);
  const accounts = useOpenAccounts(asked, isOpen);
  return isOpen ? accounts : ledger;
}

function useLedger({ side, paper, party, bounds, wanted }: DocumentsAsked, isEnabled: boolean): Documents {
  const now = useNow("minute");
  const found = useInfiniteQuery({
    queryKey: [HUB, "documents", paper, party, bounds?.from ?? null, bounds?.to ?? null],
    queryFn: ({ pageParam }: { pageParam: string | null }) => {
      const query = {
        limit: AT_ONCE,
        ...(party === null ? {} : { party }),
        ...(bounds ?? {}),
        ...(pageParam === null ? {} : { page_token: pageParam }),
      };
      return paper === "payment_order"
        ? answered(api.GET("/api/billing/payroll", { params: { query } }))
        : answered(api.GET("/api/billing/invoices", { params: { query: { ...query, paper } } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_page_token }) => next_page_token,
    enabled: isEnabled,
  });
  const heads = (found.data?.pages ?? []).flatMap(({ documents }) => documents);
  const standings = useStandings(side, isEnabled && paper !== "credit_note" ? partiesOf(heads) : []);
  const rows = heads.map((head) => rowOf(head, standings.get(head.document_id), now));
  return {
    rows: rows.filter((row) => isWanted(row, wanted)),
    read: rows.length,
    isPending: found.isPending,
    error: found.data ? null : found.error,
    again: () => void found.refetch(),
    more: found.hasNextPage ? () => void found.fetchNextPage() : null,
    isReadingMore: found.isFetchingNextPage,
  };
}

function useOpenAccounts({ side, party, wanted }: DocumentsAsked, isEnabled: boolean): Documents {
  const now = useNow("minute");
  const owed = useQuery({ ...outstanding(side), enabled: isEnabled && party === null });
  const debtors =
    party !== null ? [party] : (owed.data ?? []).filter(({ open }) => open.amount_minor > 0).map((row) => row.party);
  const names = [...new Set(debtors)];
  const accounts = useQueries({ queries: isEnabled ? names.map((each) => statement(each, side)) : [] });
  const rows = accounts
    .flatMap(({ data }) =>
      (data?.accounts ?? []).flatMap(({ documents }) => documents.map((each) => ({ each, party: data?.party }))),
    )
    .map(({ each, party: whose }) => rowOfAccount(whose ?? "", side, each, now))
    .filter((row) => isWanted(row, wanted))
    .sort((one, other) => one.dueAt.localeCompare(other.dueAt));
  return {
    rows,
    read: rows.length,
    isPending: isEnabled && ((party === null && owed.isPending) || accounts.some(({ isPending }) => isPending)),
    error: owed.error ?? accounts.find(({ error }) => error !== null)?.error ?? null,
    again: () => {
      void owed.refetch();
      for (const each of accounts) void each.refetch();
    },
    more: null,
    isReadingMore: false,
  };
}

/** How the documents of some parties stand, by document. */
export function useStandings(side: Side, parties: readonly string[]): ReadonlyMap<string, Standing> {
  return useQueries({
    queries: parties.map((party) => statement(party, side)),
    combine: (results) =>
      new Map(
        results
          .flatMap(({ data }) => (data?.accounts ?? []).flatMap(({ documents }) => documents))
          .map((each) => [each.document_id, each]),
      ),
  });
}

function partiesOf(heads: readonly DocumentHead[]): string[] {
  return [...new Set(heads.map(({ party }) => party))];
}
