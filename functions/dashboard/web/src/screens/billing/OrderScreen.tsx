import { DocumentScreen } from "./DocumentScreen";

/** One payment order. */
export default function OrderScreen() {
  return <DocumentScreen side="pay" />;
}
