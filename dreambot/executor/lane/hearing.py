"""What a worker says of the jobs it is at, handed on to those who wait for them."""

from collections.abc import Callable

from dreambot.executor.estimate import Speed
from dreambot.executor.lane.flight import Aboard, Flight
from dreambot.executor.protocol import Failed, Finished, Framed, Message, Progress, ProtocolError, Stopped
from dreambot.executor.run import Run
from dreambot.executor.types import Done, FrameSink, JobFailed, WeightsMissing


async def hear(
    message: Message, aboard: Aboard, speed: Speed, withdraw: Callable[[Run], None]
) -> Flight | None:
    """Hands on a message; returns the job that is over with it. speed: learns from what is finished.
    withdraw: stops a job whose frames nobody takes. Raises ProtocolError for what no worker would say."""
    if not isinstance(message, (Progress, Framed, Finished, Failed, Stopped)):
        raise ProtocolError(f"{type(message).__name__} in the middle of work")
    flight = aboard.of(message.job)
    if not flight:
        raise ProtocolError(f"{type(message).__name__} of a job that it is not at")
    run = flight.run
    match message:
        case Progress():
            flight.tell(message)
        case Framed():
            if run.frames and not run.settled:
                await _hand_out(run, run.frames, message, withdraw)
        case Finished(seconds=seconds):
            speed.note(run.recipe.flops, seconds)
            run.finish(Done(message.picture, seconds, message.plan))
        case Failed(reason=reason, missing=network) if network:
            run.fail(WeightsMissing(reason, network))
        case Failed(reason=reason):
            run.fail(JobFailed(reason))
        case Stopped():
            pass
    return flight if isinstance(message, (Finished, Failed, Stopped)) else None


async def _hand_out(run: Run, sink: FrameSink, frame: Framed, withdraw: Callable[[Run], None]) -> None:
    try:
        await sink(frame.index, frame.frames, frame.picture)
    except Exception as error:
        # Nobody takes the film any more; the worker says so when it has stopped.
        run.fail(error)
        withdraw(run)
