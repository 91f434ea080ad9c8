import { charges, packages, parties, payees, payments, statement } from "./words/accounts";
import { document, drafts, evidence, list } from "./words/documents";
import { chart, overview } from "./words/overview";
import { meaning, plans } from "./words/plans";

/** The words of the Financial Hub, apart from the others so that they are loaded with its screens. */
export const hub = {
  title: "Financial Hub",
  mine: "My bills",
  pay: "My pay",
  sections: {
    label: "Parts of the Financial Hub",
    overview: "Overview",
    invoices: "Invoices",
    payroll: "Payroll",
    payments: "Payments",
    parties: "Payers and staff",
    charges: "Other charges",
    plans: "Rate plans",
  },
  csv: "CSV",
  csvOf: (what: string) => `${what} as CSV`,
  more: "Read more",
  nobody: "None",
  who: "Payer or staff",
  choose: "Choose …",
  required: "Fill this in.",
  done: "Done",
  copied: "Copied",
  copy: "Copy the link",
  none: "–",
  period: {
    label: "Period",
    before: "The period before",
    after: "The period after",
    units: { month: "Month", quarter: "Quarter", year: "Year", days: "Days" },
    first: "From",
    last: "To",
    any: "Any time",
    on: "Issued in",
  },
  read: {
    empty: "Fill this in.",
    "no number": "Write a number like 1234.50, with one point or comma.",
    "too large": "That is more than can be kept exact.",
    tooFine: (digits: number, currency: string) =>
      digits === 0
        ? `${currency} has no smaller unit: write whole numbers.`
        : `${currency} has ${String(digits)} digits after the point.`,
    tooFinePercent: "Write at most two digits after the point.",
    positive: "Write more than nothing.",
    zero: "Write an amount other than 0.",
    currency: "Three capital letters, like EUR.",
  },
  paper: { invoice: "Invoice", credit_note: "Credit note", payment_order: "Payment order" },
  papers: { invoice: "Invoices", credit_note: "Credit notes", payment_order: "Payment orders" },
  standing: {
    unpaid: "Unpaid",
    partly_paid: "Partly paid",
    paid: "Paid",
    overdue: "Overdue",
    cancelled: "Cancelled",
    credit_note: "Credit note",
  },
  overview,
  chart,
  list,
  drafts,
  document,
  evidence,
  payments,
  payees,
  parties,
  statement,
  packages,
  charges,
  plans,
  meaning,
};
