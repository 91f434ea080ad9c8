"""Erasing a person: a job that may be cut off anywhere and asked for again, and that ends only when nothing can come back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.domain.classes import ScheduledClass, Status, with_due
from shared.domain.directory import Person, PersonRole
from shared.domain.errors import NotFound, NotInThisState, Stale
from shared.domain.subjects import class_without, pseudonym_from
from shared.people_ports import NAMELESS, Erasure, Erasures, Forgotten, People, PersonalData
from shared.ports import Classes, ClassFilter, Clock, NewId
from shared.usecases.fold_evidence import FoldEvidence

# Every instance has read the list of the forgotten anew by then, and what it was writing before is written.
SETTLES = timedelta(minutes=3)
RECORDS_KEPT = timedelta(days=30)
PAGE = 300
PAGES_PER_RUN = 200
TRIES = 4
MOST_OPEN = 50

BY_HAND = (
    "Google's own records: Meet keeps them 30 days, the audit log about six months; see the account in the Admin console.",
    "The teachers' calendars: past events keep the person as a guest; the teacher takes the guest out.",
    "Stripe's own records of card payments: the payer's address in the payment's details; redact them in Stripe's Dashboard.",
    "Zoom's own records: reports and registrants of past meetings, in Zoom's account management.",
    "Backups and exports of the database: let them expire, or restore only with this erasure done again.",
    "Mails and messages that were sent, and copies of exports that people made.",
    "Documents that were issued, payments, and the payer's name and address beside them: the law keeps them, until retention.",
    "Notes that people wrote in free text in their own words, such as a class's subject.",
)


@dataclass(frozen=True, slots=True)
class Erased:
    """How far an erasure is. Until it is done, what is left is seen to after `again_at`, by housekeeping or by asking again."""

    pseudonym: str
    counts: Mapping[str, int]
    is_done: bool
    again_at: datetime | None
    by_hand: Sequence[str] = BY_HAND


@dataclass(frozen=True)
class ErasePerson:
    """Put a pseudonym in the person's place, keep time and money, delete the rest, and stay ready for late news of them.

    First the person is put on the list of the forgotten, then classes, facts and everything else are rewritten and the
    sessions folded anew. Three minutes later the same is done again and the whole store gone through, because another
    instance may have written something before it read the list.
    """

    classes: Classes
    people: People
    forgotten: Forgotten
    erasures: Erasures
    data: PersonalData
    fold: FoldEvidence
    clock: Clock
    new_id: NewId
    delays: Sequence[timedelta]
    pages_per_run: int = PAGES_PER_RUN

    def __call__(self, email: str) -> Erased:
        """Erase, or go on erasing; raises `NotInThisState` for somebody who has classes to teach, `Stale`, `Unavailable`."""
        now = self.clock()
        job = self._job(email, now)
        counts: dict[str, int] = {}
        self._keep_staff(job)
        self._classes_without(job, now, counts)
        _add(counts, self.data.scrub(job.subject, job.pseudonym))
        self._refold(job)
        _add(counts, self.data.scrub(job.subject, job.pseudonym))
        if now < job.begun_at + SETTLES:
            return Erased(job.pseudonym, counts, is_done=False, again_at=job.begun_at + SETTLES)
        if not self._sweep(job, counts):
            return Erased(job.pseudonym, counts, is_done=False, again_at=now)
        self.erasures.finished(email)
        return Erased(job.pseudonym, counts, is_done=True, again_at=None)

    def finish(self) -> dict[str, int]:
        """Go on with every erasure that is ripe: a job for housekeeping; answers with counts."""
        now = self.clock()
        ripe = [each for each in self.erasures.all(MOST_OPEN) if each.begun_at + SETTLES <= now]
        done = sum(1 for each in ripe if self(each.subject.email).is_done)
        return {"erasures_finished": done, "erasures_open": len(ripe) - done}

    def _job(self, email: str, now: datetime) -> Erasure:
        """The erasure with everything that is known of the person by now, stored before anything is changed."""
        for _ in range(TRIES):
            before = self.erasures.get(email)
            found = self.data.subject(email)
            if before is None:
                self._check_teaching(email, now)
                pseudonym = self.forgotten.add([f"email:{email}"], pseudonym_from(self.new_id()), now)
                job = Erasure(found, pseudonym, now)
            else:
                subject = before.value.subject.with_more(found)
                job = replace(before.value, subject=subject, rev=before.value.rev + 1)
            self.forgotten.add([f"email:{email}", *job.subject.all_refs], job.pseudonym, now)
            self.forgotten.add(sorted(job.subject.lookalikes), NAMELESS, now)
            if self.erasures.save(before, job):
                return job
        raise Stale("The erasure is being done by somebody else at this moment; ask again.")

    def _check_teaching(self, email: str, now: datetime) -> None:
        """Whoever teaches cannot go before their classes are done: nobody else's authority reads them."""
        for held in self._each_class(email):
            is_ahead = held.status in (Status.SCHEDULED, Status.ACTIVE)
            is_readable = held.status is Status.COMPLETED and not held.is_settled and now < held.end_at + RECORDS_KEPT
            if held.teacher_email == email and (is_ahead or is_readable):
                raise NotInThisState(
                    f"The person teaches the class {held.class_id}, which is not done; hand it over, cancel it, or wait until "
                    "its meeting was read, and ask again."
                )

    def _each_class(self, email: str) -> list[ScheduledClass]:
        found: list[ScheduledClass] = []
        token = None
        while True:
            page = self.classes.page(ClassFilter(person_email=email), PAGE, token)
            found += page.items
            token = page.next_token
            if token is None:
                return found

    def _classes_without(self, job: Erasure, now: datetime, counts: dict[str, int]) -> None:
        email = job.subject.email

        def rule(held: ScheduledClass) -> ScheduledClass:
            after = class_without(held, email, job.pseudonym, now)
            return held if after is held else with_due(after, self.delays)

        for class_id in job.subject.class_ids:
            try:
                before = self.classes.get(class_id)
                after = self.classes.amend(class_id, rule)
            except NotFound:
                continue
            _add(counts, {"classes": 1 if after.rev != before.rev else 0})

    def _refold(self, job: Erasure) -> None:
        for class_id in job.subject.class_ids:
            try:
                self.fold.refresh(self.classes.get(class_id))
            except NotFound:
                continue

    def _keep_staff(self, job: Erasure) -> None:
        """Who taught goes on counting as staff, under the pseudonym: other people's attendance rests on it."""
        known = self.people.get(job.subject.email)
        if known is not None and known.value.is_teacher and self.people.get(job.pseudonym) is None:
            self.people.save([(None, Person(job.pseudonym, (PersonRole.TEACHER,), entered_at=known.value.entered_at))])

    def _sweep(self, job: Erasure, counts: dict[str, int]) -> bool:
        """Go through the whole store, as far as one run may; answers whether the end was reached."""
        place = job.place
        for _ in range(self.pages_per_run):
            swept = self.data.sweep(job.subject, job.pseudonym, place, PAGE)
            _add(counts, swept.counts)
            for session_id in swept.session_ids:
                self.fold.refresh(self.classes.by_session(session_id))
            place = swept.place
            if place is None:
                return True
        self._remember(job, place)
        return False

    def _remember(self, job: Erasure, place: str | None) -> None:
        before = self.erasures.get(job.subject.email)
        if before is not None:
            self.erasures.save(before, replace(before.value, place=place, rev=before.value.rev + 1))


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count
