import "../attendance/attendance.css";
import "./mine.css";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";

import { useSession } from "../../auth/session";
import { clock, day, exactSpan } from "../../time/format";
import { useZone } from "../../time/zone";
import { DataTable, type Column } from "../../ui/DataTable";
import { Field } from "../../ui/Field";
import { Page } from "../../ui/Page";
import { Empty, Loading, Trouble } from "../../ui/states";
import { StatusChip } from "../../ui/StatusChip";
import { words } from "../../words";
import { rankOf } from "../attendance/sheet";
import { aboutMe, attendanceOf, sumOf, type OwnRow } from "./own";

/** One's own attendance; a guardian chooses among their students. Whose rows are theirs to see is the API's to say. */
export default function MineScreen() {
  const own = useSession()?.email ?? "";
  const me = useQuery(aboutMe);
  const [search, setSearch] = useSearchParams();
  const wards = me.data?.guardian_of ?? [];
  const isStudent = me.data?.student !== null;
  const usual = !isStudent && wards[0] ? wards[0].email : own;
  const chosen = search.get("who") ?? usual;
  const ward = wards.find(({ email }) => email === chosen);
  const people: [string, string][] = [
    ...(isStudent || wards.length === 0 ? [[own, words.mine.own] as [string, string]] : []),
    ...wards.map((one): [string, string] => [one.email, nameOf(one)]),
  ];
  return (
    <Page
      title={ward ? words.mine.titleOf(nameOf(ward)) : words.mine.title}
      lead={words.mine.lead}
      actions={
        <Link className="button" to="/billing">
          {words.mine.bills}
        </Link>
      }
    >
      {me.isPending && <Loading lines={8} />}
      {me.isError && !me.data && <Trouble thrown={me.error} again={() => void me.refetch()} />}
      {people.length > 1 && (
        <div className="fields narrow whose">
          <Field label={words.mine.whose}>
            {(parts) => (
              <select
                {...parts}
                className="input"
                value={chosen}
                onChange={({ target }) => {
                  setSearch(target.value === usual ? {} : { who: target.value });
                }}
              >
                {people.map(([email, name]) => (
                  <option key={email} value={email}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
      {me.data && <AttendanceOf key={chosen} email={chosen} />}
    </Page>
  );
}

function nameOf({ firstName, lastName, email }: { firstName: string | null; lastName: string | null; email: string }): string {
  return [firstName, lastName].filter(Boolean).join(" ") || email;
}

function AttendanceOf({ email }: { email: string }) {
  const zone = useZone();
  const { data, isPending, isError, error, refetch } = useQuery(attendanceOf(email, zone));
  const columns = useMemo(() => ownColumns(zone), [zone]);
  if (isPending) return <Loading lines={8} />;
  if (isError && !data) return <Trouble thrown={error} again={() => void refetch()} />;
  const { rows, isCut } = data;
  const { came, counted, open } = sumOf(rows);
  if (rows.length === 0) return <Empty title={words.mine.none}>{words.mine.noneDetail}</Empty>;
  return (
    <>
      {isCut && <p className="note">{words.states.cut}</p>}
      <p className="mine-sum">
        <strong>{words.mine.sum(came, counted)}</strong> {open > 0 && <span className="soft">{words.mine.open(open)}</span>}
      </p>
      <DataTable
        caption={words.mine.title}
        columns={columns}
        rows={rows}
        keyOf={({ session_id }) => session_id}
        isWhole={!isCut}
      />
    </>
  );
}

function ownColumns(zone: string): Column<OwnRow>[] {
  return [
    {
      id: "class",
      label: words.logs.class,
      isGreatestFirst: true,
      sortBy: (row) => Date.parse(row.class_start),
      cell: (row) => (
        <>
          <span className="wraps">{row.subject}</span>
          <br />
          <span className="soft small">
            {day(row.class_start, zone)}, {clock(row.class_start, zone)}
          </span>
        </>
      ),
    },
    {
      id: "status",
      label: words.sheet.status,
      sortBy: (row) => rankOf(row.status),
      cell: (row) => (
        <>
          <StatusChip status={row.status} isRuled={row.override !== null} />
          {row.override !== null && <span className="why">{row.override.reason}</span>}
          {row.excuse !== null && <span className="why">{row.excuse}</span>}
        </>
      ),
    },
    {
      id: "in",
      label: words.sheet.in,
      className: "only-desk nowrap",
      cell: (row) => (row.join_time === null ? "–" : clock(row.join_time, zone)),
    },
    {
      id: "out",
      label: words.sheet.out,
      className: "only-desk nowrap",
      cell: (row) => (row.leave_time === null ? "–" : clock(row.leave_time, zone)),
    },
    {
      id: "present",
      label: words.sheet.present,
      className: "number nowrap",
      isGreatestFirst: true,
      sortBy: (row) => row.duration_seconds,
      cell: (row) => exactSpan(row.duration_seconds),
    },
  ];
}
