import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";

import type { Schemas } from "../../api/client";
import { useSession } from "../../auth/session";
import { courses, useNames } from "../../people/names";
import { span } from "../../time/format";
import { words } from "../../words";
import type { CourseTotal, StudentTotal, TeacherTotal } from "./queries";
import { came, percentTold } from "./sums";
import { totals } from "./words";

type Row = StudentTotal | CourseTotal | TeacherTotal;
type Figures = Schemas["Figures"];

/** One column: its heading, and what stands in it. Numbers stand at its end. */
interface Column<Each> {
  label: string;
  cell: (row: Each) => ReactNode;
  isText?: boolean;
  isDeskOnly?: boolean;
}

/** The sums, in the columns that their kind has. */
export function TotalsTable({ rows }: { rows: readonly Row[] }) {
  const nameOf = useNames();
  const isStaff = useSession()?.role !== "user";
  const known = new Map((useQuery(courses).data ?? []).map(({ course_id, name }) => [course_id, name]));
  const [first] = rows;
  if (first === undefined) return null;
  if ("student_email" in first) return <Sums rows={rows as readonly StudentTotal[]} columns={studentColumns(nameOf, isStaff)} />;
  if ("teacher_email" in first) return <Sums rows={rows as readonly TeacherTotal[]} columns={teacherColumns(nameOf)} />;
  return <Sums rows={rows as readonly CourseTotal[]} columns={courseColumns(known)} />;
}

function Sums<Each>({ rows, columns }: { rows: readonly Each[]; columns: readonly Column<Each>[] }) {
  const classOf = ({ isText, isDeskOnly }: Column<Each>): string =>
    [isText ? "" : "number", isDeskOnly ? "only-desk" : ""].filter(Boolean).join(" ");
  return (
    <div className="panel table-scroll">
      <table className="table totals">
        <caption className="hidden-text">{totals.ofStudent}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" className={classOf(column)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map((column, place) =>
                place === 0 ? (
                  <th key={column.label} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.label} className={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function studentColumns(nameOf: (email: string) => string, isStaff: boolean): Column<StudentTotal>[] {
  return [
    {
      label: totals.bys.student,
      isText: true,
      cell: ({ student_email, display_name }) =>
        isStaff ? (
          <Link className="wraps" to={`/attendance?student=${encodeURIComponent(student_email)}`} title={student_email}>
            {nameOf(student_email)}
          </Link>
        ) : (
          (display_name ?? nameOf(student_email))
        ),
    },
    ...figureColumns<StudentTotal>(),
    {
      label: totals.run,
      isDeskOnly: true,
      cell: (row) => totals.runTold(row.current_absence_run, row.longest_absence_run),
    },
  ];
}

function courseColumns(known: ReadonlyMap<string, string>): Column<CourseTotal>[] {
  return [
    {
      label: totals.bys.course,
      isText: true,
      cell: ({ course_id }) =>
        course_id === null ? <span className="soft">{totals.noCourse}</span> : (known.get(course_id) ?? course_id),
    },
    { label: totals.classes, cell: ({ classes }) => classes },
    { label: totals.students, cell: ({ students }) => students, isDeskOnly: true },
    ...figureColumns<CourseTotal>(),
  ];
}

function teacherColumns(nameOf: (email: string) => string): Column<TeacherTotal>[] {
  return [
    {
      label: totals.bys.teacher,
      isText: true,
      cell: ({ teacher_email }) => (
        <span className="wraps" title={teacher_email}>
          {nameOf(teacher_email)}
        </span>
      ),
    },
    { label: totals.held, cell: ({ classes_held }) => classes_held },
    {
      label: totals.missed,
      cell: ({ classes_missed }) => (classes_missed > 0 ? <strong className="bad-number">{classes_missed}</strong> : 0),
    },
    { label: totals.toCome, cell: ({ figures }) => figures.to_come, isDeskOnly: true },
    { label: totals.time, cell: ({ figures }) => time(figures), isDeskOnly: true },
    { label: totals.studentsShare, cell: ({ students_share }) => percentTold(students_share) },
  ];
}

function figureColumns<Each extends { figures: Figures }>(): Column<Each>[] {
  return [
    { label: totals.share, cell: ({ figures }) => <strong>{percentTold(figures.shares.taken)}</strong> },
    { label: totals.sessions, cell: ({ figures }) => totals.sessionsTold(figures.taken, figures.sessions) },
    { label: totals.there, cell: ({ figures }) => came(figures.counts), isDeskOnly: true },
    { label: totals.late, cell: ({ figures }) => figures.counts.late ?? 0, isDeskOnly: true },
    { label: totals.absent, cell: ({ figures }) => (figures.counts.absent ?? 0) + (figures.counts.no_show ?? 0) },
    { label: totals.excused, cell: ({ figures }) => figures.counts.excused ?? 0, isDeskOnly: true },
    { label: words.status.unknown, cell: ({ figures }) => figures.counts.unknown ?? 0, isDeskOnly: true },
    { label: totals.time, cell: ({ figures }) => time(figures), isDeskOnly: true },
  ];
}

function time({ attended_seconds, scheduled_seconds }: Figures): string {
  return totals.timeTold(span(attended_seconds), span(scheduled_seconds));
}
