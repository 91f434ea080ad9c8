import { DocumentsScreen } from "./DocumentsScreen";

/** Payment orders of the staff, from draft to paid. */
export default function PayrollScreen() {
  return <DocumentsScreen side="pay" />;
}
