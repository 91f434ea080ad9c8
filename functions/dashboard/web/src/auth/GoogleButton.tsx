import { useEffect, useRef, useState } from "react";

import { answered, api } from "../api/client";
import { TroubleNote } from "../ui/states";
import { words } from "../words";
import { startSession } from "./session";

interface GoogleIdentity {
  initialize: (options: { client_id: string; callback: (told: { credential: string }) => void }) => void;
  renderButton: (place: HTMLElement, options: { theme: string; size: string; width: number }) => void;
}

declare global {
  interface Window {
    google?: { accounts: { id: GoogleIdentity } };
  }
}

const SCRIPT = "https://accounts.google.com/gsi/client";

/** Google's own button; what it gives is changed for a token of ours. */
export function GoogleButton({ clientId }: { clientId: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [thrown, setThrown] = useState<unknown>(null);
  useEffect(() => {
    const script = document.createElement("script");
    script.src = SCRIPT;
    script.async = true;
    script.onload = () => {
      const google = window.google?.accounts.id;
      if (!google || !place.current) return;
      google.initialize({
        client_id: clientId,
        callback: ({ credential }) => {
          signIn(credential).catch(setThrown);
        },
      });
      google.renderButton(place.current, { theme: "outline", size: "large", width: 300 });
    };
    script.onerror = () => {
      setThrown(new Error(words.signIn.googleBlocked));
    };
    document.head.append(script);
    return () => {
      script.remove();
    };
  }, [clientId]);
  return (
    <>
      <div className="google-place" ref={place} />
      <TroubleNote thrown={thrown} />
    </>
  );
}

async function signIn(credential: string): Promise<void> {
  const { token } = await answered(api.POST("/api/user-sessions/sign-in", { body: { credential } }));
  startSession(token);
}
