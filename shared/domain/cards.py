"""Drawing the review cards of a session: what the rules could not decide, and what people decided instead."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.domain.attendance import Attendance, AttendanceStatus, Role
from shared.domain.classes import ScheduledClass, Status
from shared.domain.evidence import Basis
from shared.domain.matches import Match
from shared.domain.people import identified
from shared.domain.review import CardKind, ReviewCard
from shared.domain.rulings import Ruling, RulingKind, standing
from shared.domain.sessions import Session, row_id


def cards_of(session: Session, held: ScheduledClass, rows: Iterable[Attendance]) -> tuple[ReviewCard, ...]:
    """The cards of a class that is over and was read at least once; `rows` are all its attendance rows.

    A decision stays on its card for as long as it stands.
    """
    if held.status is not Status.COMPLETED or session.sync is None:
        return ()
    people = identified(session, held)
    keys = {row_id(session.session_id, key): key for key in people.person_of.values()}
    dismissed = standing(session.known.rulings, RulingKind.CARD)
    expires_at = None if session.sync.complete else session.sync.expires_at

    def card(kind: CardKind, key: str, row: Attendance | None, decision: Ruling | None = None) -> ReviewCard:
        made = ReviewCard(
            kind,
            session.session_id,
            held.class_id,
            held.course_id,
            held.subject,
            held.teacher_email,
            held.start_at,
            key,
            row.email if row else None,
            row.display_name if row else None,
            row.seconds(held.end_at) if row else 0,
            expires_at,
            co_teacher_emails=held.co_teacher_emails,
        )
        return _decided(made, decision or dismissed.get(made.card_id))

    found = [
        card(kind, keys[row.row_id], row, decision)
        for row in rows
        if row.row_id in keys
        for kind, decision in _doubts(row, people.linked.get(keys[row.row_id]), is_whole=session.sync.complete)
    ]
    by_email = {row.email: row for row in rows if row.email is not None}
    for key, link in people.linked.items():
        if link.value:
            found.append(card(CardKind.UNIDENTIFIED, key, by_email.get(link.value), link))
    return tuple(sorted({each.card_id: each for each in found}.values(), key=lambda each: each.card_id))


def _doubts(row: Attendance, link: Ruling | None, *, is_whole: bool) -> Iterable[tuple[CardKind, Ruling | None]]:
    """What is doubtful about one row, each with the decision that settled it, if one did."""
    if row.email is None:
        kind = CardKind.DUPLICATE_NAME if row.match is Match.SUGGESTED else CardKind.UNIDENTIFIED
        if row.stays:
            yield kind, link
        return
    if row.role in (Role.GUEST, Role.PHONE) and row.stays:
        yield CardKind.NOT_ENROLLED, None
    if row.basis is Basis.CLAIMED and is_whole:
        yield CardKind.REGISTERED_NOT_SEEN, row.ruling
    is_short = row.role is Role.STUDENT and row.stays and row.computed_status in _MISSING
    if is_short and row.seconds(row.end_at) > 0:
        yield CardKind.SHORT_OVERLAP, row.ruling


_MISSING = (AttendanceStatus.ABSENT, AttendanceStatus.NO_SHOW, AttendanceStatus.UNKNOWN)


def _decided(card: ReviewCard, decision: Ruling | None) -> ReviewCard:
    if decision is None:
        return card
    return replace(card, decision=decision)


def expiring(held: ScheduledClass, expires_at: datetime | None) -> ReviewCard:
    """The card of a class whose records were not read whole and are about to be deleted by Google or Zoom."""
    return ReviewCard(
        CardKind.DATA_EXPIRING, held.session_id, held.class_id, held.course_id, held.subject, held.teacher_email,
        held.start_at, held.class_id, expires_at=expires_at, co_teacher_emails=held.co_teacher_emails,
    )  # fmt: skip
