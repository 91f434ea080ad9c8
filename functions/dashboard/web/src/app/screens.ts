import {
  CalendarDays,
  ClipboardList,
  Grid3x3,
  Inbox,
  Radio,
  ReceiptText,
  Settings,
  Sigma,
  UserRound,
  Users,
  type LucideIcon,
} from "lucide-react";

import type { Role } from "../auth/session";
import { words } from "../words";

/** A screen with a place in the navigation, and who has it there. */
export interface Screen {
  path: string;
  label: string;
  icon: LucideIcon;
  roles: readonly Role[];
  /** Left out on a phone, where there is room for few; it is reached from the screen beside it. */
  isDeskOnly?: boolean;
}

const STAFF: readonly Role[] = ["admin", "teacher"];

export const SCREENS: readonly Screen[] = [
  { path: "/live", label: words.nav.live, icon: Radio, roles: STAFF },
  { path: "/schedule", label: words.nav.schedule, icon: CalendarDays, roles: ["admin", "teacher", "user"] },
  { path: "/attendance", label: words.nav.attendance, icon: ClipboardList, roles: STAFF },
  { path: "/matrix", label: words.nav.matrix, icon: Grid3x3, roles: STAFF, isDeskOnly: true },
  { path: "/register", label: words.nav.register, icon: Sigma, roles: STAFF, isDeskOnly: true },
  { path: "/review", label: words.nav.review, icon: Inbox, roles: STAFF },
  { path: "/mine", label: words.nav.mine, icon: UserRound, roles: ["user"] },
  { path: "/register", label: words.nav.register, icon: Sigma, roles: ["user"] },
  { path: "/billing", label: words.nav.bills, icon: ReceiptText, roles: ["admin", "user"] },
  { path: "/billing", label: words.nav.pay, icon: ReceiptText, roles: ["teacher"] },
  { path: "/people", label: words.nav.people, icon: Users, roles: STAFF },
  { path: "/settings", label: words.nav.settings, icon: Settings, roles: ["admin"] },
];

/** The screens of a role, in the order of the navigation. */
export function screensOf(role: Role): readonly Screen[] {
  return SCREENS.filter(({ roles }) => roles.includes(role));
}

/** Where a role begins. */
export function homeOf(role: Role): string {
  return role === "user" ? "/mine" : "/live";
}
