"""The bill as a table: what is used, what of it is free, what the rest costs, with a bar for each cent's share."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from infra.cost.month import Item, Month, Plan
from infra.cost.prices import READ_ON

BAR = 16
WHOLE = 100


def table(plan: Plan, month: Month, region: str, measured_on: str) -> Group:
    """The whole picture."""
    rows = Table(box=None, padding=(0, 1), header_style="bold")
    for name in ("Item", "Used", "Unit", "Free", "USD", "", "Without free tier"):
        rows.add_column(name, justify="right" if name in ("Used", "Free", "USD", "Without free tier") else "left", no_wrap=True)
    most = max((item.usd for item in month.items), default=0.0)
    for item in month.items:
        costs = f"{item.usd:.2f}", bar(item, most), f"{item.usd_without_free:.2f}"
        name = item.name if item.is_read else f"{item.name} *"
        rows.add_row(name, number(item.amount), item.unit, number(item.free), *costs)
    sums = Text(f"{month.usd:.2f}", "bold"), "", Text(f"{month.usd_without_free:.2f}", "bold")
    rows.add_row(Text("A month", "bold"), "", "", "", *sums)
    title = (
        f"{plan.classes} classes of {plan.students} students and {plan.minutes} minutes, "
        f"{plan.viewer_hours:g} hours of dashboards, database in {region}"
    )
    said = f"Counted on {measured_on}, prices of {READ_ON} (* as known, Google's page was not at hand), before tax."
    return Group(Text(title, "bold"), rows, Text(said, "dim"))


def number(amount: float) -> str:
    """An amount with as many digits as say something."""
    if amount >= WHOLE or amount == int(amount):
        return f"{amount:,.0f}"
    return f"{amount:.2f}"


def bar(item: Item, most: float) -> Text:
    """The item's cost beside that of the dearest one."""
    eighths = round(item.usd / most * BAR * 8) if most else 0
    return Text("█" * (eighths // 8) + ("", *"▏▎▍▌▋▊▉")[eighths % 8], "cyan")
