"""An MLLP listener: HL7 v2 over TCP, plain or TLS. The network only; what a message does is in `hl7_receive`.

One thread works on the record; connections hand it their messages in order and wait, so a slow record slows its
senders down (each has at most one message in work, and what it sends meanwhile stays in the socket). A connection
must finish a message that it began within `message_s` and may be silent for `idle_s`. On a stop signal no new message
is begun, the one in hand is answered.

The log names peers, counts, codes and a hash of the control id. Never a word of a message.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from cartway.intake.hl7_ack import reject_unread
from cartway.intake.hl7_framing import CARRIAGE_RETURN, END, START, Blocks, Frame
from cartway.intake.hl7_letter import Answer
from cartway.intake.hl7_receive import Receiver
from cartway.problem import Problem
from cartway.times import Instant

LOG = logging.getLogger("cartway.mllp")

_PIECE = 1 << 16


class Limits(msgspec.Struct, frozen=True):
    """What a peer may ask of us. Times in seconds."""

    message_bytes: int = 10 * 1024 * 1024
    connections: int = 64
    batch: int = 64
    message_s: float = 60.0
    idle_s: float = 3600.0
    answer_s: float = 30.0


class Address(msgspec.Struct, frozen=True):
    """Where to listen; with a certificate and key (PEM files), TLS only. Port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 2575  # registered for HL7
    certificate: Path | None = None
    key: Path | None = None


class _Job(msgspec.Struct):
    frame: Frame
    answer: asyncio.Future[bytes]


class Listener:
    """Serves until `stop` is called. `clock` gives the time of recording."""

    def __init__(
        self, receiver: Receiver, limits: Limits, clock: Callable[[], Instant], worker: ThreadPoolExecutor
    ) -> None:
        self.receiver, self.limits, self.clock, self.worker = receiver, limits, clock, worker
        self.jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self.stopping = asyncio.Event()
        self.connections: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """No new message is begun; those in hand are finished."""
        self.stopping.set()

    async def serve(self, address: Address, ready: Callable[[int], None]) -> None:
        """Listens until stopped; `ready` hears the port once connections are taken."""
        server = await asyncio.start_server(self._greet, address.host, address.port, limit=_PIECE, ssl=tls(address))
        working = asyncio.create_task(self._work())
        ready(server.sockets[0].getsockname()[1])
        await self.stopping.wait()
        server.close()
        if self.connections:
            await asyncio.wait(self.connections, timeout=self.limits.answer_s)
        working.cancel()
        LOG.info("stopped")

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = str(writer.get_extra_info("peername"))
        task = asyncio.current_task()
        assert task is not None
        self.connections.add(task)
        try:
            await self._converse(reader, writer, peer)
        except (ConnectionError, TimeoutError, ssl.SSLError) as failure:
            LOG.warning("%s: connection lost (%s)", peer, type(failure).__name__)
        finally:
            self.connections.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, TimeoutError, ssl.SSLError):
                await asyncio.wait_for(writer.wait_closed(), self.limits.answer_s)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, peer: str) -> None:
        if len(self.connections) > self.limits.connections:
            LOG.warning("%s: turned away, %d connections are open", peer, self.limits.connections)
            return
        LOG.info("%s: connected", peer)
        blocks, deadline = Blocks(self.limits.message_bytes), self._deadline(False)
        while piece := await self._piece(reader, deadline):
            midway = blocks.in_block
            for frame in blocks.feed(piece):
                await self._send(writer, await self._answer(frame, peer))
                if frame.problem or self.stopping.is_set():
                    return  # what was too large has no end that could be told from the start of a new message
                midway = False
            deadline = deadline if midway and blocks.in_block else self._deadline(blocks.in_block)
        LOG.info("%s: closed%s", peer, " in the middle of a message" if blocks.in_block else "")

    def _deadline(self, in_message: bool) -> float:
        """Until when the peer must have sent the rest of its message, or something at all."""
        patience = self.limits.message_s if in_message else self.limits.idle_s
        return asyncio.get_running_loop().time() + patience

    async def _piece(self, reader: asyncio.StreamReader, deadline: float) -> bytes:
        """What the peer sends next; nothing where it closed, took too long, or we stop."""
        reading = asyncio.ensure_future(reader.read(_PIECE))
        stopping = asyncio.ensure_future(self.stopping.wait())
        patience = max(0.0, deadline - asyncio.get_running_loop().time())
        done, pending = await asyncio.wait((reading, stopping), timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return reading.result() if reading in done else b""

    async def _send(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        writer.write(START + answer + END + CARRIAGE_RETURN)
        await asyncio.wait_for(writer.drain(), self.limits.answer_s)

    async def _answer(self, frame: Frame, peer: str) -> bytes:
        job = _Job(frame, asyncio.get_running_loop().create_future())
        await self.jobs.put(job)
        LOG.debug("%s: message %d, %d bytes", peer, frame.number, len(frame.data))
        return await job.answer

    async def _work(self) -> None:
        """Takes what is waiting, of all connections, in batches."""
        loop = asyncio.get_running_loop()
        while True:
            jobs = [await self.jobs.get()]
            while len(jobs) < self.limits.batch and not self.jobs.empty():
                jobs.append(self.jobs.get_nowait())
            answers = await loop.run_in_executor(self.worker, self._handle, [job.frame for job in jobs])
            for job, answer in zip(jobs, answers, strict=True):
                if not job.answer.done():
                    job.answer.set_result(answer)

    def _handle(self, frames: Sequence[Frame]) -> list[bytes]:
        """The answers of a batch. Where one breaks it, each is tried alone, and the one at fault hears AE."""
        try:
            return [_logged(answer) for answer in self.receiver.handle_all(frames, self.clock())]
        except Exception as failure:  # the edge: a broken store must not end the feed
            if len(frames) == 1:
                return [self._broken(frames[0], failure)]
        return [answer for frame in frames for answer in self._handle([frame])]

    def _broken(self, frame: Frame, failure: Exception) -> bytes:
        """AE where our own work failed: nothing was lost, the sender is to try again."""
        where = _innermost(failure)
        LOG.error("message %d not taken: %s at %s", frame.number, type(failure).__name__, where)
        return reject_unread(frame.data, _not_now(), self.clock(), self.receiver.feed.charset, "AE")


def listen(
    receivers: AbstractContextManager[Receiver],
    address: Address,
    *,
    clock: Callable[[], Instant],
    limits: Limits | None = None,
    ready: Callable[[int], None] = lambda port: LOG.info("listening on port %d", port),
) -> None:
    """Listens until SIGTERM or SIGINT. The receiver is opened, used and closed on one thread of its own."""
    with ThreadPoolExecutor(1, "hl7") as worker:
        receiver = worker.submit(receivers.__enter__).result()
        try:
            asyncio.run(_until_told(Listener(receiver, limits or Limits(), clock, worker), address, ready))
        finally:
            worker.submit(receivers.__exit__, None, None, None).result()


async def _until_told(listener: Listener, address: Address, ready: Callable[[int], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, listener.stop)
    await listener.serve(address, ready)


def tls(address: Address) -> ssl.SSLContext | None:
    """TLS 1.2 or later with the address's certificate; None where it has none."""
    if address.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(address.certificate, address.key)
    return context


def _logged(answer: Answer) -> bytes:
    counts = (answer.accepted, answer.known, answer.ignored, answer.refused)
    said = "#%s %s: accepted %d, already known %d, ignored %d, refused %d %s"
    LOG.info(said, answer.mark, answer.code, *counts, " ".join(answer.problems))
    return answer.data


def _innermost(failure: BaseException) -> str:
    """File and line where it broke; its message may quote a patient's data and is left out."""
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"


def _not_now() -> Problem:
    return Problem("not_now", "The message could not be recorded.", "Send it again later.")
