"""Starts one codec process and sends requests to it."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from typing import Self

from dreambot.errors import DreambotError
from dreambot.workers.ipc import Packet, PacketError, encode_packet, read_packet

# Deaf to Ctrl-C from the first moment; the same modules as the parent, whatever lies in the current folder
BOOTSTRAP_CODE = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.path[:] = sys.argv[3:]
from dreambot.workers.codec_worker import main
main(int(sys.argv[1]), int(sys.argv[2]))
"""
START_TIMEOUT_S = 60.0
# What finding and loading libraries takes. The rest, above all secrets, is no business of a decoder
PASSED_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
PIPE_BUFFER_BYTES = 2**20


class CodecProcessDied(DreambotError):
    """The process died, or did not keep to the protocol; it is of no more use."""


class CodecProcess:
    """One process that handles one request at a time. Belongs to the event loop that started it."""

    def __init__(self, process: Process) -> None:
        """Use start."""
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._input, self._output = process.stdin, process.stdout

    @classmethod
    async def start(cls, memory_limit: int) -> Self:
        """Starts a process of at most memory_limit bytes of address space. Raises CodecEnded if it cannot."""
        environment = {name: os.environ[name] for name in PASSED_ENVIRONMENT if name in os.environ}
        # threads of the numerics library would each take a share of the address space
        environment |= {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", BOOTSTRAP_CODE, str(os.getpid()), str(memory_limit), *sys.path),
            stdin=PIPE,
            stdout=PIPE,
            env=environment,
            limit=PIPE_BUFFER_BYTES,
        )
        codec = cls(process)
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await codec._received(0)
        except TimeoutError as error:
            await codec.kill()
            raise CodecProcessDied(f"a codec process was not ready within {START_TIMEOUT_S:.0f} s") from error
        except BaseException:
            await codec.kill()
            raise
        return codec

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False once the process is known to have ended."""
        return self._process.returncode is None

    async def call(self, request: Packet, *, seconds: float, most: int) -> Packet:
        """The answer to one request. Whatever this raises, the process must be killed afterwards.

        seconds: how long it may take. most: bytes the answer's buffers may hold together.
        Raises TimeoutError, CodecEnded.
        """
        async with asyncio.timeout(seconds):
            try:
                self._input.writelines(encode_packet(request))
                await self._input.drain()
            except OSError as error:
                raise CodecProcessDied("a codec process ended while it was being asked") from error
            return await self._received(most)

    def end(self) -> None:
        """Ends the process at once, also in the middle of a call, which then raises CodecEnded."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def kill(self) -> None:
        """Ends the process and waits until nothing is left of it. Not during a call."""
        self.end()
        self._input.close()
        # asyncio sees the end of a process only once its pipe has been read to the end
        while await self._output.read(PIPE_BUFFER_BYTES):
            pass
        await self._process.wait()

    async def _received(self, most: int) -> Packet:
        try:
            return await read_packet(self._output, most)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise CodecProcessDied("a codec process ended in the middle of its work") from error
        except PacketError as error:
            raise CodecProcessDied(f"a codec process answered with {error}") from error
