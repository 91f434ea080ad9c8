"""Housekeeping: by the clock for everything, by a task for one teacher's push channel and for one message to the outside."""

from functions.housekeeping.schemas import (
    ChannelBody,
    ChannelTask,
    DeliverTask,
    DeliveryBody,
    HousekeepingBody,
    TellTask,
    ToldBody,
)
from functions.housekeeping.wiring import Housekeeping
from shared.domain.errors import DomainError, UpstreamRefused
from shared.web.describe import body_as, describes
from shared.web.log import log, log_crash
from shared.web.routes import Asked, Reply


@describes(answers={200: HousekeepingBody}, problems=(401, 403, 503), is_internal=True)
def housekeeping(asked: Asked, app: Housekeeping) -> Reply:
    """Do every job that is due; one that fails keeps none of the others from running, and is tried again at the next run."""
    counts: dict[str, int] = {}
    troubles = []
    for name, job in app.jobs:
        try:
            counts |= job()
        except UpstreamRefused as refusal:
            troubles.append(f"{name}: {refusal.title}")
        except DomainError as trouble:
            troubles.append(f"{name}: {trouble.detail}")
        except Exception as crash:  # noqa: BLE001 - the other jobs must run
            log_crash(crash, asked.trace, function="housekeeping", job=name)
            troubles.append(f"{name}: failed; the log has it under this request's id")
    app.heartbeat.beat(app.clock(), counts)
    log("WARNING" if troubles else "INFO", "housekeeping", asked.trace, troubles=troubles, **counts)
    return Reply(200, HousekeepingBody(counts=counts, troubles=troubles).model_dump_json())


@describes(body=ChannelTask, answers={200: ChannelBody}, problems=(401, 403, 422, 503), is_internal=True)
def channel(asked: Asked, app: Housekeeping) -> Reply:
    """See to one teacher's push channel now; what fails is a state of the channel, and tried again by the clock."""
    after = app.channel(body_as(ChannelTask, asked).teacher_email)
    told = ChannelBody(state="none") if after is None else ChannelBody(state=after.state.value, trouble=after.trouble)
    log("WARNING" if told.trouble else "INFO", "channel", asked.trace, state=told.state, trouble=told.trouble)
    return Reply(200, told.model_dump_json())


@describes(body=DeliverTask, answers={200: DeliveryBody}, problems=(401, 403, 422, 503), is_internal=True)
def deliver(asked: Asked, app: Housekeeping) -> Reply:
    """Try one message now, if it is due; what fails is a state of the message, and its next attempt is planned."""
    after = app.deliver(body_as(DeliverTask, asked).delivery_id)
    told = DeliveryBody(state="none")
    if after is not None:
        told = DeliveryBody(state=after.state.value, attempts=after.attempts, trouble=after.last_error)
    log("WARNING" if told.trouble else "INFO", "deliver", asked.trace, state=told.state, trouble=told.trouble)
    return Reply(200, told.model_dump_json())


@describes(body=TellTask, answers={200: ToldBody}, problems=(401, 403, 422, 503), is_internal=True)
def tell(asked: Asked, app: Housekeeping) -> Reply:
    """See now what there is to tell the outside, without waiting for the clock."""
    body_as(TellTask, asked)
    counts = app.tell()
    log("INFO", "tell", asked.trace, **counts)
    return Reply(200, ToldBody(counts=counts).model_dump_json())
