"""Entry point of the worker process."""

import argparse
import logging
import sys
from pathlib import Path

from dreambot.errors import UserError
from dreambot.workers.environment import exit_with_parent, lower_priority
from dreambot.workers.gpu.engine import EngineSettings, load_engine
from dreambot.workers.gpu.inbox import PipeInbox
from dreambot.workers.gpu.job_loop import serve_jobs
from dreambot.workers.ipc import take_standard_streams
from dreambot.workers.process import JsonLogFormatter
from dreambot.workers.protocol import StartFailed


def main() -> int:
    """Runs a worker for its parent process.

    Returns:
        The exit status: 1 if the engine cannot work here.
    """
    parser = argparse.ArgumentParser(prog="dreambot.workers.gpu")
    parser.add_argument("parent", type=int, help="process id of the parent")
    parser.add_argument("--device", required=True)
    parser.add_argument("--precision", choices=("auto", "fp32", "bf16", "fp16"), required=True)
    parser.add_argument("--engine", required=True, help="module:attribute; tests bring their own")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--weights-dir", type=Path)
    parser.add_argument("--memory-gigabytes", type=float, required=True, help="for networks that are kept")
    parser.add_argument("--workers", type=int, required=True, help="how many share the processor")
    parser.add_argument("--after-crash", action="store_true", help="the last one ended before it was ready")
    asked = parser.parse_args()

    exit_with_parent(asked.parent)
    if asked.device == "cpu":
        lower_priority()
    printing = logging.StreamHandler(sys.stderr)
    printing.setFormatter(JsonLogFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[printing])
    inbox = PipeInbox(*take_standard_streams(discard_stderr=False))
    try:
        settings = EngineSettings(
            asked.device,
            asked.precision,
            asked.cache,
            asked.weights_dir,
            asked.memory_gigabytes,
            asked.workers,
            asked.after_crash,
        )
        engine = load_engine(asked.engine, settings)
    except UserError as error:
        inbox.send(StartFailed(error.message.to_json()))
        return 1
    # The thread that launches the kernels of a GPU must not wait for a core: the GPU would wait too.
    if asked.device != "cpu" and engine.ready.kind == "cpu":
        lower_priority()
    inbox.send(engine.ready)
    serve_jobs(inbox, engine)
    return 0


if __name__ == "__main__":
    sys.exit(main())
