"""Who pays and is paid, what waits for their next document, and packages."""

from functions.billing import rows
from functions.billing.doors.words import CHANGE, CSV, KEY, LIST
from functions.billing.payers import (
    AdHocBody,
    AdHocPart,
    AdHocsBody,
    PackagePart,
    PackagesBody,
    PartiesBody,
    PartyBody,
    PartyPart,
    WithdrawnBody,
)
from functions.billing.replies import key_of, own
from functions.billing.schemas import (
    AdHocAsked,
    PartiesQuery,
    PartyAsked,
    PartyQuery,
    address_in,
)
from functions.billing.wiring import Billing
from shared.domain.errors import InvalidInput
from shared.web.describe import body_as, describes, query_as
from shared.web.routes import Asked, Reply


@describes(query=PartiesQuery, answers={200: PartiesBody}, problems=LIST, other_types=CSV)
def list_parties(asked: Asked, app: Billing) -> Reply:
    """List who pays and who is paid, by address."""
    query = query_as(PartiesQuery, asked)
    if query.format == "csv":
        return rows.as_csv("parties", rows.PARTIES, rows.of_parties(app.parties.every()))
    return Reply(200, PartiesBody.of(app.parties.page(query.limit, query.page_token)).model_dump_json())


@describes(body=PartyAsked, answers={200: PartyBody}, problems=CHANGE)
def put_party(asked: Asked, app: Billing) -> Reply:
    """Enter a party, or change one; what is billed already stays with whom it was billed to."""
    email = address_in(asked.path["email"])
    if email is None:
        raise InvalidInput("email", "This is no e-mail address; write one like ada@school.example.")
    party = app.parties.enter(body_as(PartyAsked, asked).to_words(email))
    return Reply(200, PartyBody(party=PartyPart.model_validate(party)).model_dump_json())


@describes(query=PartyQuery, answers={200: AdHocsBody}, problems=LIST)
def list_ad_hoc(asked: Asked, app: Billing) -> Reply:
    """List what is charged, paid or sold beside classes and waits for the next document."""
    waiting = app.extras.waiting(query_as(PartyQuery, asked).party)
    return Reply(200, AdHocsBody(ad_hoc=[AdHocPart.of(each) for each in waiting]).model_dump_json())


@describes(body=AdHocAsked, answers={201: AdHocBody}, problems=CHANGE, headers=KEY)
def add_ad_hoc(asked: Asked, app: Billing) -> Reply:
    """Charge, pay or take off something beside classes, or sell a package, with the party's next document."""
    added = app.extras(body_as(AdHocAsked, asked).to_words(key_of(asked)), asked.caller)
    return Reply(201, AdHocBody(ad_hoc=AdHocPart.of(added)).model_dump_json())


@describes(answers={200: WithdrawnBody}, problems=(401, 403, 404, 503))
def withdraw_ad_hoc(asked: Asked, app: Billing) -> Reply:
    """Withdraw something that waits for a document."""
    app.extras.withdraw(asked.path["ad_hoc_id"])
    return Reply(200, WithdrawnBody().model_dump_json())


@describes(query=PartyQuery, answers={200: PackagesBody}, problems=LIST)
def list_packages(asked: Asked, app: Billing) -> Reply:
    """Show a party's packages with what is used and left, the caller's own."""
    party = own(asked, query_as(PartyQuery, asked).party or asked.caller.email)
    return Reply(200, PackagesBody(packages=[PackagePart.of(each) for each in app.extras.balances(party)]).model_dump_json())
