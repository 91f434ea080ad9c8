import { DocumentScreen } from "./DocumentScreen";

/** One invoice or credit note. */
export default function InvoiceScreen() {
  return <DocumentScreen side="charge" />;
}
