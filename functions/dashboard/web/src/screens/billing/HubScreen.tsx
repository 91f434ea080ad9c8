import { useSession } from "../../auth/session";
import { OwnBills } from "./OwnBills";
import { Overview } from "./Overview";

/** The Financial Hub for whoever runs it; everybody else sees their own bills, or what they were paid. */
export default function HubScreen() {
  const session = useSession();
  if (session === null) return null;
  if (session.role === "admin") return <Overview />;
  return <OwnBills side={session.role === "teacher" ? "pay" : "charge"} party={session.email} />;
}
