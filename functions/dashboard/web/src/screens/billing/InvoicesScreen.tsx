import { DocumentsScreen } from "./DocumentsScreen";

/** Invoices, from draft to paid. */
export default function InvoicesScreen() {
  return <DocumentsScreen side="charge" />;
}
