import "./people.css";

import { FileUp, GraduationCap, Plus } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { useSession } from "../../auth/session";
import { guardians, students, teachers } from "../../people/names";
import { Tabs } from "../../tables/Tabs";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Page } from "../../ui/Page";
import { words } from "../../words";
import { ClassroomDialog } from "./ClassroomDialog";
import { Courses } from "./Courses";
import { EnterDialog } from "./EnterDialog";
import { ImportStudents } from "./ImportStudents";
import { LIST_OF, personOf, studentOf, type Entered, type ListName } from "./kinds";
import { PersonList } from "./PersonList";
import { classroom, directory } from "./words";

const LISTS: readonly ListName[] = ["students", "teachers", "guardians", "courses"];

/** Students, teachers, guardians and courses, as far as they are the caller's. */
export default function PeopleScreen() {
  const [search, setSearch] = useSearchParams();
  const [told, setToldOf] = useState<{ in: ListName; text: string } | null>(null);
  const list = LISTS.find((each) => each === search.get("list")) ?? "students";
  const text = search.get("find") ?? "";
  const setTold = (said: string): void => {
    setToldOf({ in: list, text: said });
  };
  const needle = text.trim().toLowerCase();
  return (
    <Page title={words.people.title} lead={words.people.lead} actions={<Bringing list={list} onTold={setTold} />}>
      <Tabs
        label={directory.lists}
        parameter="list"
        shown={list}
        names={LISTS.map((each) => [each, directory.list[each]] as const)}
      />
      <div className="stack">
        <div className="fields narrow">
          <Field label={words.people.find} hint={directory.findHint}>
            {(parts) => (
              <input
                {...parts}
                className="input"
                type="search"
                value={text}
                onChange={(event) => {
                  const { value } = event.target;
                  setSearch(
                    (before) => {
                      if (value === "") before.delete("find");
                      else before.set("find", value);
                      return before;
                    },
                    { replace: true },
                  );
                }}
              />
            )}
          </Field>
        </div>
        <div role="status" className="people-told">
          {told?.in === list && (
            <p className="note" data-tone="good">
              {told.text}
            </p>
          )}
        </div>
        {list === "students" && (
          <PersonList key={list} kind="student" query={students} toSomeone={studentOf} text={needle} onTold={setTold} />
        )}
        {list === "teachers" && (
          <PersonList key={list} kind="teacher" query={teachers} toSomeone={personOf} text={needle} onTold={setTold} />
        )}
        {list === "guardians" && (
          <PersonList key={list} kind="guardian" query={guardians} toSomeone={personOf} text={needle} onTold={setTold} />
        )}
        {list === "courses" && <Courses text={needle} onTold={setTold} />}
      </div>
    </Page>
  );
}

const KINDS: readonly Entered[] = ["student", "teacher", "guardian", "course"];

/** What a list can be given: one, a table of them, or a roster out of Classroom. */
function Bringing({ list, onTold }: { list: ListName; onTold: (told: string) => void }) {
  const role = useSession()?.role;
  const [doing, setDoing] = useState<"entering" | "importing" | "classroom" | null>(null);
  const kind = KINDS.find((each) => LIST_OF[each] === list) ?? "student";
  const close = (): void => {
    setDoing(null);
  };
  const isAdmin = role === "admin";
  return (
    <>
      {isAdmin && list === "students" && (
        <Button
          onClick={() => {
            setDoing("importing");
          }}
        >
          <FileUp size={16} aria-hidden="true" />
          {directory.importStudents}
        </Button>
      )}
      {(list === "courses" || (isAdmin && list === "students")) && (
        <Button
          onClick={() => {
            setDoing("classroom");
          }}
        >
          <GraduationCap size={16} aria-hidden="true" />
          {classroom.open}
        </Button>
      )}
      {isAdmin && (
        <Button
          kind="main"
          onClick={() => {
            setDoing("entering");
          }}
        >
          <Plus size={16} aria-hidden="true" />
          {kind === "guardian" ? directory.guardian : words.people.enter[kind]}
        </Button>
      )}
      {doing === "importing" && <ImportStudents onClose={close} onTold={onTold} />}
      {doing === "classroom" && <ClassroomDialog onClose={close} onTold={onTold} />}
      {doing === "entering" && (
        <EnterDialog
          kind={kind}
          onClose={close}
          onSaved={(called) => {
            onTold(directory.saved(called));
            close();
          }}
        />
      )}
    </>
  );
}
