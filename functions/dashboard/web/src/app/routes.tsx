import type { ComponentType } from "react";
import { Navigate, useRouteError, type RouteObject } from "react-router";

import { useSession, type Role } from "../auth/session";
import { Empty, Trouble } from "../ui/states";
import { words } from "../words";
import { Allowed } from "./Allowed";
import { homeOf } from "./screens";
import { Shell } from "./Shell";

const STAFF: readonly Role[] = ["admin", "teacher"];
const EVERYBODY: readonly Role[] = ["admin", "teacher", "user"];

/** A screen that is loaded when it is first gone to. */
function screen(path: string, roles: readonly Role[], load: () => Promise<{ default: ComponentType }>): RouteObject {
  return {
    path,
    lazy: async () => {
      const { default: Screen } = await load();
      return {
        element: (
          <Allowed to={roles}>
            <Screen />
          </Allowed>
        ),
      };
    },
  };
}

function Home() {
  const session = useSession();
  return session && <Navigate to={homeOf(session.role)} replace />;
}

function Crashed() {
  return <Trouble thrown={useRouteError()} again={reload} />;
}

function reload(): void {
  window.location.reload();
}

/** Every path of the pages; the function that serves them lists the same ones in its function.json. */
export const routes: RouteObject[] = [
  {
    element: <Shell />,
    hydrateFallbackElement: <></>,
    children: [
      {
        errorElement: <Crashed />,
        children: [
          { path: "/", element: <Home /> },
          { path: "/sign-in", element: <Home /> },
          screen("/schedule", EVERYBODY, () => import("../screens/schedule/ScheduleScreen")),
          screen("/attendance", STAFF, () => import("../screens/attendance/LogsScreen")),
          screen("/matrix", STAFF, () => import("../screens/attendance/MatrixScreen")),
          screen("/sessions/:sessionId", EVERYBODY, () => import("../screens/attendance/SessionScreen")),
          screen("/register", EVERYBODY, () => import("../screens/register/RegisterScreen")),
          screen("/review", STAFF, () => import("../screens/review/ReviewScreen")),
          screen("/people", STAFF, () => import("../screens/people/PeopleScreen")),
          screen("/settings", ["admin"], () => import("../screens/settings/SettingsScreen")),
          screen("/mine", EVERYBODY, () => import("../screens/mine/MineScreen")),
          screen("/billing", EVERYBODY, () => import("../screens/billing/HubScreen")),
          screen("/billing/invoices", EVERYBODY, () => import("../screens/billing/InvoicesScreen")),
          screen("/billing/invoices/:documentId", EVERYBODY, () => import("../screens/billing/InvoiceScreen")),
          screen("/billing/payroll", STAFF, () => import("../screens/billing/PayrollScreen")),
          screen("/billing/payroll/:documentId", STAFF, () => import("../screens/billing/OrderScreen")),
          screen("/billing/payments", ["admin"], () => import("../screens/billing/PaymentsScreen")),
          screen("/billing/charges", ["admin"], () => import("../screens/billing/ChargesScreen")),
          screen("/billing/parties", ["admin"], () => import("../screens/billing/PartiesScreen")),
          screen("/billing/parties/:email", ["admin"], () => import("../screens/billing/PartyScreen")),
          screen("/billing/plans", ["admin"], () => import("../screens/billing/PlansScreen")),
          screen("/live", STAFF, () => import("../screens/live/LiveScreen")),
          { path: "*", element: <Empty title={words.states.nowhere}>{words.states.nowhereDetail}</Empty> },
        ],
      },
    ],
  },
];
