import { Chart } from "./Chart";
import type { Ranked } from "./figures";
import { hub } from "./words";

interface Props {
  rows: readonly Ranked[];
  caption: string;
  head: string;
  nameOf: (key: string | null) => string;
}

/** Who or what brought how much, and what was paid for it where that is known. */
export function Ranking({ rows, caption, head, nameOf }: Props) {
  const hasPaid = rows.some(({ paid }) => paid !== null);
  return (
    <Chart
      layout="names"
      caption={caption}
      head={head}
      columns={[
        { key: "charged", label: hub.overview.charged },
        ...(hasPaid
          ? [
              { key: "paid", label: hub.overview.paid },
              { key: "margin", label: hub.overview.margin, isDrawn: false },
            ]
          : []),
      ]}
      rows={rows.map(({ key, charged, paid, margin }) => ({
        key: key ?? "",
        name: nameOf(key),
        values: { charged, ...(paid ? { paid } : {}), ...(margin ? { margin } : {}) },
      }))}
    />
  );
}
