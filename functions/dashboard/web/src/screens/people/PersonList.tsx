import { useQuery, type UseQueryOptions } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";

import { useSession } from "../../auth/session";
import { saveText, sheetOf } from "../../tables/csv";
import { Paged } from "../../tables/Pager";
import { Button } from "../../ui/Button";
import { Empty, Loading, Trouble } from "../../ui/states";
import { words } from "../../words";
import { calledOf, isMeant, LIST_OF, type PersonKind, type Someone } from "./kinds";
import { PersonDialog } from "./PersonDialog";
import { directory } from "./words";

interface Props<Entry> {
  kind: PersonKind;
  query: UseQueryOptions<Entry[], Error, Entry[], string[]>;
  toSomeone: (entry: Entry) => Someone;
  text: string;
  onTold: (told: string) => void;
}

/** The students, teachers or guardians who are meant by what is looked for. */
export function PersonList<Entry>({ kind, query, toSomeone, text, onTold }: Props<Entry>) {
  const { data, isPending, error, refetch } = useQuery(query);
  const [shown, setShown] = useState<string | null>(null);
  if (isPending) return <Loading lines={12} />;
  if (data === undefined) return <Trouble thrown={error} again={() => void refetch()} />;
  const all = data.map(toSomeone).sort((one, other) => calledOf(one).localeCompare(calledOf(other)));
  const meant = all.filter((one) => isMeant(one, text));
  const opened = all.find(({ email }) => email === shown);
  return (
    <>
      {meant.length === 0 ? (
        <Nobody kind={kind} isLookedFor={text !== ""} />
      ) : (
        <Paged items={meant} of={`${kind} ${text}`}>
          {(page) => <PersonTable kind={kind} people={page} onShow={setShown} />}
        </Paged>
      )}
      {all.length > 0 && <Taking kind={kind} people={meant} />}
      {opened && (
        <PersonDialog
          kind={kind}
          shown={opened}
          onTold={onTold}
          onClose={() => {
            setShown(null);
          }}
        />
      )}
    </>
  );
}

/** That there is nobody, and what to do about it. */
export function Nobody({ kind, isLookedFor }: { kind: PersonKind | "course"; isLookedFor: boolean }) {
  const isAdmin = useSession()?.role === "admin";
  const list = LIST_OF[kind];
  if (isLookedFor) return <Empty title={directory.noneFound}>{directory.noneFoundDetail}</Empty>;
  return <Empty title={directory.nobody[list]}>{isAdmin ? directory.nobodyDetail[list] : directory.nobodyOfTeacher}</Empty>;
}

interface TableProps {
  kind: PersonKind;
  people: readonly Someone[];
  onShow: (email: string) => void;
}

function PersonTable({ kind, people, onShow }: TableProps) {
  return (
    <div className="panel table-scroll">
      <table className="table people-table">
        <caption className="hidden-text">{directory.list[LIST_OF[kind]]}</caption>
        <thead>
          <tr>
            <th scope="col">{words.people.name}</th>
            <th scope="col">{words.people.email}</th>
            <th scope="col" className="only-desk">
              {directory.department}
            </th>
            {kind === "student" && (
              <th scope="col" className="only-desk">
                {words.people.guardians}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.email}>
              <th scope="row">
                <button
                  type="button"
                  className="people-name wraps"
                  onClick={() => {
                    onShow(one.email);
                  }}
                >
                  {calledOf(one)}
                </button>
              </th>
              <td className="wraps">{one.email}</td>
              <td className="wraps only-desk">{one.department || "–"}</td>
              {kind === "student" && <td className="wraps only-desk">{one.guardians.join(", ") || "–"}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The list as a table that the import takes again. */
function Taking({ kind, people }: { kind: PersonKind; people: readonly Someone[] }) {
  const isStudent = kind === "student";
  const header = ["email", "first_name", "last_name", "department", ...(isStudent ? ["student_number", "guardian_emails"] : [])];
  const lines = people.map((one) => [
    one.email,
    one.first,
    one.last,
    one.department,
    ...(isStudent ? [String(one.studentNumber ?? ""), one.guardians.join(" ")] : []),
  ]);
  return (
    <div className="row people-taking">
      <Button
        onClick={() => {
          saveText(`${LIST_OF[kind]}.csv`, sheetOf([header, ...lines]));
        }}
      >
        <Download size={15} aria-hidden="true" />
        {directory.listCsv}
      </Button>
    </div>
  );
}
