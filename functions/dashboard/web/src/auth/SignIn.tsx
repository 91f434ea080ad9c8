import "./signin.css";

import { useEffect, useState, type SyntheticEvent } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { useConfig } from "../app/config";
import { asProblem } from "../api/problem";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { TroubleNote } from "../ui/states";
import { words } from "../words";
import { GoogleButton } from "./GoogleButton";
import { readLocalPeople, type LocalPerson } from "./local";
import { endSession, lastEnding, startSession } from "./session";

/** The page of whoever is not signed in. */
export function SignIn() {
  useEffect(() => {
    document.title = `${words.signIn.title} · ${words.brand}`;
  }, []);
  return (
    <main className="sign-in">
      <div className="panel">
        <p className="sign-brand">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          {words.brand}
        </p>
        <h1>{words.signIn.title}</h1>
        {lastEnding() === "ended" && (
          <p className="note" data-tone="warn">
            {words.signIn.ended}
          </p>
        )}
        <Ways />
      </div>
    </main>
  );
}

/** Over what somebody was at when their sign-in ended: what they typed is still there when they are back. */
export function SignInAgain({ email }: { email: string }) {
  return (
    <ModalOverlay className="overlay" isOpen isKeyboardDismissDisabled>
      <Modal className="dialog">
        <AriaDialog role="alertdialog">
          <Heading slot="title" level={2}>
            {words.signIn.title}
          </Heading>
          <p>{words.signIn.endedHere(email)}</p>
          <Ways />
          <Button
            kind="plain"
            onClick={() => {
              endSession("left");
            }}
          >
            {words.signIn.leave}
          </Button>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** How one signs in here: by Google's button where it is configured, by a token otherwise. */
function Ways() {
  const { auth, googleClientId } = useConfig();
  return (
    <>
      {auth === "google" && googleClientId !== null && <GoogleButton clientId={googleClientId} />}
      {auth === "open" && <LocalPeople />}
      {auth !== "google" && <TokenForm />}
    </>
  );
}

/** On one's own machine the stack hands out tokens: one click for each role. */
function LocalPeople() {
  const [people, setPeople] = useState<readonly LocalPerson[] | null>(null);
  useEffect(() => {
    let isOver = false;
    void readLocalPeople().then((found) => {
      if (!isOver) setPeople(found);
    });
    return () => {
      isOver = true;
    };
  }, []);
  if (people?.length === 0) {
    return <Button onClick={() => startSession(null)}>{words.signIn.withoutToken}</Button>;
  }
  return (
    <section className="local-people" aria-label={words.signIn.local}>
      <p className="soft">{words.signIn.local}</p>
      {(people ?? []).map(({ role, email, token }) => (
        <button key={role} type="button" className="local-person" onClick={() => startSession(token)}>
          <strong>{words.roles[role]}</strong>
          <span className="soft">{email}</span>
        </button>
      ))}
    </section>
  );
}

function TokenForm() {
  const [text, setText] = useState("");
  const [thrown, setThrown] = useState<unknown>(null);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    try {
      startSession(text.trim());
    } catch (refusal) {
      setThrown(asProblem(refusal));
    }
  };
  return (
    <form className="token-form" onSubmit={submit}>
      <Field label={words.signIn.token} hint={words.signIn.tokenHint}>
        {(parts) => (
          <textarea
            {...parts}
            className="input"
            spellCheck={false}
            autoComplete="off"
            required
            value={text}
            onChange={(event) => {
              setText(event.target.value);
            }}
          />
        )}
      </Field>
      <TroubleNote thrown={thrown} />
      <Button kind="main" type="submit">
        {words.signIn.go}
      </Button>
    </form>
  );
}
