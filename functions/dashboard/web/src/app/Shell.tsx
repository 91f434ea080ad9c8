import { LogOut } from "lucide-react";
import { Suspense, useEffect, useRef } from "react";
import { NavLink, Outlet, useLocation } from "react-router";

import { endSession, useIsInterrupted, useSession, type Session } from "../auth/session";
import { SignIn, SignInAgain } from "../auth/SignIn";
import { useNow } from "../time/useNow";
import { useZone, zoneLabel } from "../time/zone";
import { Button } from "../ui/Button";
import { Loading } from "../ui/states";
import { words } from "../words";
import { ReviewCount } from "./ReviewCount";
import { screensOf } from "./screens";
import { ThemeSwitch } from "./ThemeSwitch";
import { useOnline } from "./useOnline";

/** What stands around every screen: the navigation of one's role, who is signed in, the zone of every time. */
export function Shell() {
  const session = useSession();
  const isInterrupted = useIsInterrupted();
  if (session === null) return <SignIn />;
  return (
    <>
      <SignedIn key={session.email} session={session} />
      {isInterrupted && <SignInAgain email={session.email} />}
    </>
  );
}

function SignedIn({ session }: { session: Session }) {
  const main = useFocusOnNewPath();
  const isOnline = useOnline();
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {words.shell.skip}
      </a>
      <div className="side">
        <NavLink className="brand" to="/">
          <img src="/favicon.svg" alt="" width="22" height="22" />
          {words.brand}
        </NavLink>
        <Navigation session={session} />
        <SideEnd session={session} />
      </div>
      <div>
        <div aria-live="polite">{!isOnline && <p className="notice-line">{words.states.deviceOffline}</p>}</div>
        <main className="main" id="main" tabIndex={-1} ref={main}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
          <Zone className="zone-end soft only-phone" />
        </main>
      </div>
    </div>
  );
}

function Navigation({ session }: { session: Session }) {
  return (
    <nav className="nav" aria-label={words.nav.label}>
      <ul>
        {screensOf(session.role).map(({ path, label, icon: Icon, isDeskOnly }) => (
          <li key={path} className={isDeskOnly ? "only-desk" : undefined}>
            <NavLink to={path}>
              <Icon size={18} strokeWidth={1.9} aria-hidden="true" />
              <span>{label}</span>
              {path === "/review" && <ReviewCount />}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The zone of every time on the page; on a phone it stands below the screen. */
function Zone({ className }: { className: string }) {
  const zone = useZone();
  const now = useNow("minute");
  return (
    <p className={className}>
      {words.shell.zone} {zoneLabel(zone, new Date(now))}
    </p>
  );
}

function SideEnd({ session }: { session: Session }) {
  return (
    <div className="side-end">
      <Zone className="zone soft" />
      <ThemeSwitch />
      <p className="who">
        <strong title={session.email}>{session.name}</strong>
        <span className="soft">{words.roles[session.role]}</span>
      </p>
      <Button
        kind="plain"
        aria-label={words.shell.signOut}
        onClick={() => {
          endSession("left");
        }}
      >
        <LogOut size={16} aria-hidden="true" />
        <span className="only-desk">{words.shell.signOut}</span>
      </Button>
    </div>
  );
}

/** Going to another screen puts the reader at its beginning, also one who hears it. */
function useFocusOnNewPath() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
