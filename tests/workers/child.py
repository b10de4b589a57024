"""A child process that behaves as its argument says: `python -m tests.workers.child PARENT_PID BEHAVIOUR`."""

import logging
import os
import sys
import time

from dreambot import logs
from dreambot.workers.ipc import MAX_HEADER_BYTES, Packet, read_packet, take_standard_streams, write_packet
from dreambot.workers.process import JsonLogFormatter


def main(behaviour: str) -> None:
    """Exits, hangs, violates the protocol or echoes packets."""
    if behaviour == "exit":
        sys.exit(3)
    if behaviour == "hang":
        time.sleep(600)
    if behaviour == "garbage":
        os.write(1, b"\xff" * 8)
        time.sleep(600)
    if behaviour == "long header":
        os.write(1, (MAX_HEADER_BYTES + 1).to_bytes(4, "big"))
        time.sleep(600)
    reader, writer = take_standard_streams(discard_stderr=False)
    if behaviour == "large":
        write_packet(writer, Packet({}, [b"1"]))
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLogFormatter())
    logging.basicConfig(handlers=[handler])
    print("printed by a library", flush=True)
    with logs.job_context("01h0"):
        logging.error("logged")
    write_packet(writer, Packet({}))
    while True:
        write_packet(writer, read_packet(reader, 2**20))


if __name__ == "__main__":
    main(sys.argv[2])
