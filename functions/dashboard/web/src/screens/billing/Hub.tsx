import "./billing.css";

import type { ReactNode } from "react";
import { NavLink } from "react-router";

import { useSession } from "../../auth/session";
import { Page } from "../../ui/Page";
import { hub } from "./words";

const SECTIONS = [
  { path: "/billing", label: hub.sections.overview },
  { path: "/billing/invoices", label: hub.sections.invoices },
  { path: "/billing/payroll", label: hub.sections.payroll },
  { path: "/billing/payments", label: hub.sections.payments },
  { path: "/billing/charges", label: hub.sections.charges },
  { path: "/billing/parties", label: hub.sections.parties },
  { path: "/billing/plans", label: hub.sections.plans },
];

/** On a phone the parts do not all fit; the present one is brought into sight. */
function showWhereWeAre(link: HTMLAnchorElement | null): void {
  if (link?.ariaCurrent !== "page") return;
  const row = link.closest("nav");
  if (row) row.scrollLeft = link.offsetLeft - row.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
}

interface Props {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen of the Financial Hub, with the way to its other parts for whoever runs it. */
export function Hub({ title, lead, actions, children }: Props) {
  const isAdmin = useSession()?.role === "admin";
  return (
    <Page title={title} lead={lead} actions={actions}>
      {isAdmin && (
        <nav className="hub-sections" aria-label={hub.sections.label}>
          <ul>
            {SECTIONS.map(({ path, label }) => (
              <li key={path}>
                <NavLink to={path} end={path === "/billing"} ref={showWhereWeAre}>
                  {label}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <div className="stack">{children}</div>
    </Page>
  );
}
