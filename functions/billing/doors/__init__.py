"""The Financial Hub's doors. Administrators run it; everybody else sees what was issued to them and what they paid."""

from functions.billing.doors.accounts import list_payments, record_payment, statement
from functions.billing.doors.cards import link_payment, stripe_event
from functions.billing.doors.documents import (
    get_invoice,
    get_payment_order,
    invoice_drafts,
    issue_invoice,
    issue_payment_order,
    list_invoices,
    list_payroll,
    payroll_drafts,
    void_invoice,
    void_payment_order,
)
from functions.billing.doors.papers import (
    invoice_evidence,
    invoice_pdf,
    order_evidence,
    order_pdf,
    share_invoice,
    shared_document,
)
from functions.billing.doors.parties import add_ad_hoc, list_ad_hoc, list_packages, list_parties, put_party, withdraw_ad_hoc
from functions.billing.doors.prices import assign_rate_plan, rate_plans, set_rate_plan
from functions.billing.doors.reports import lines_report, margin, outstanding, payroll_report, revenue
from functions.billing.doors.runs import issue_task, questions, show_run, start_run

__all__ = [
    "add_ad_hoc",
    "assign_rate_plan",
    "get_invoice",
    "get_payment_order",
    "invoice_drafts",
    "invoice_evidence",
    "invoice_pdf",
    "issue_invoice",
    "issue_payment_order",
    "issue_task",
    "lines_report",
    "link_payment",
    "list_ad_hoc",
    "list_invoices",
    "list_packages",
    "list_parties",
    "list_payments",
    "list_payroll",
    "margin",
    "order_evidence",
    "order_pdf",
    "outstanding",
    "payroll_drafts",
    "payroll_report",
    "put_party",
    "questions",
    "rate_plans",
    "record_payment",
    "revenue",
    "set_rate_plan",
    "share_invoice",
    "shared_document",
    "show_run",
    "start_run",
    "statement",
    "stripe_event",
    "void_invoice",
    "void_payment_order",
    "withdraw_ad_hoc",
]
