import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { answered, api } from "../../api/client";
import { useNow } from "../../time/useNow";
import type { Bounds } from "./period";
import { HUB, type Side } from "./queries";
import { isWanted, rowOf, type Row, type Wanted } from "./standing";

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
  isPending: boolean;
  error: unknown;
  again: () => void;
  /** Null where everything is read. */
  more: (() => void) | null;
  isReadingMore: boolean;
}

const AT_ONCE = 50;
// The API looks at so many documents for a page, and may find few of them to stand as asked: then the next page is read too.
const MOST_PAGES_UNASKED = 8;

/** The documents that are asked for, the newest first, as they stand now. */
export function useDocuments({ side, paper, party, bounds, wanted }: DocumentsAsked): Documents {
  const now = useNow("minute");
  const found = useInfiniteQuery({
    queryKey: [HUB, "documents", side, paper, party, bounds?.from ?? null, bounds?.to ?? null, wanted],
    queryFn: ({ pageParam }: { pageParam: string | null }) => {
      const query = {
        limit: AT_ONCE,
        ...(party === null ? {} : { party }),
        ...(bounds ?? {}),
        ...(wanted === null ? {} : { standing: wanted }),
        ...(pageParam === null ? {} : { page_token: pageParam }),
      };
      return paper === "payment_order"
        ? answered(api.GET("/api/billing/payroll", { params: { query } }))
        : answered(api.GET("/api/billing/invoices", { params: { query: { ...query, paper } } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_page_token }) => next_page_token,
  });
  const pages = found.data?.pages ?? [];
  const rows = pages
    .flatMap(({ documents }) => documents)
    .map((each) => rowOf(each, now))
    .filter((row) => isWanted(row, wanted));
  const { hasNextPage, isFetching, isError, fetchNextPage } = found;
  const isToGoOn = wanted !== null && hasNextPage && rows.length < AT_ONCE / 2 && pages.length < MOST_PAGES_UNASKED;
  useEffect(() => {
    if (isToGoOn && !isFetching && !isError) void fetchNextPage();
  }, [isToGoOn, isFetching, isError, fetchNextPage]);
  return {
    rows,
    isPending: found.isPending,
    error: found.data ? null : found.error,
    again: () => void found.refetch(),
    more: hasNextPage ? () => void fetchNextPage() : null,
    isReadingMore: found.isFetchingNextPage,
  };
}
