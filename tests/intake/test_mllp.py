"""The listener on a real socket: framing, order, limits, TLS, stopping, kills between the append and the answer."""

from __future__ import annotations

import datetime
import logging
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cartway.intake.mllp import Address, Limits, Listener
from intake.data_hl7.desk import NOW, Ward, ward
from intake.data_hl7.draw import obx, result

END = b"\x1c\r"


def block(data: bytes) -> bytes:
    return b"\x0b" + data + END


class Sender:
    """The other side of a connection."""

    def __init__(self, port: int, context: ssl.SSLContext | None = None) -> None:
        plain = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket = context.wrap_socket(plain, server_hostname="localhost") if context else plain
        self.held = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> bytes:
        """The next answer; b"" where the connection was closed instead."""
        while END not in self.held:
            piece = self.socket.recv(65536)
            if not piece:
                return b""
            self.held += piece
        found, _, self.held = self.held.partition(END)
        return found

    def ask(self, data: bytes) -> str:
        """AA, AE or AR to one message; "" where the connection was closed."""
        self.send(block(data))
        return code_of(self.answer())


def code_of(answer: bytes) -> str:
    return answer.partition(b"\rMSA|")[2][:2].decode()


@contextmanager
def listening(here: Ward, limits: Limits | None = None, address: Address | None = None) -> Iterator[int]:
    """The port of a listener on a thread of its own."""
    import asyncio

    ports: list[int] = []
    heard = threading.Event()
    limits = limits or Limits(message_s=5, idle_s=20, answer_s=5)

    def ready(port: int) -> None:
        ports.append(port)
        heard.set()

    with ThreadPoolExecutor(1) as worker, ThreadPoolExecutor(1) as server:
        started: list[Any] = []

        async def run() -> None:
            listener = Listener(here.receiver, limits, lambda: NOW, worker)
            started.append((asyncio.get_running_loop(), listener))
            await listener.serve(address or Address(port=0), ready)

        running = server.submit(asyncio.run, run())
        assert heard.wait(10), running.exception()
        try:
            yield ports[0]
        finally:
            loop, listener = started[0]
            loop.call_soon_threadsafe(listener.stop)
            running.result(15)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Ward]:
    with ward(tmp_path) as opened:
        opened.enrol()
        yield opened


def numbered(number: int) -> bytes:
    return result(obx(f"38.{number % 10}", sub=str(number)), control=str(number))


def test_a_message_and_its_answer(here: Ward) -> None:
    with listening(here) as port:
        sender = Sender(port)
        assert sender.ask(numbered(1)) == "AA"
        assert len(here.facts()) == 1  # durable before it was answered
        assert sender.ask(numbered(2)) == "AA"
    assert len(here.facts()) == 2


def test_a_message_in_single_bytes(here: Ward) -> None:
    with listening(here) as port:
        sender = Sender(port)
        sender.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in block(numbered(1)):
            sender.send(bytes([byte]))
        assert code_of(sender.answer()) == "AA"


def test_two_messages_in_one_packet_are_answered_in_order(here: Ward) -> None:
    with listening(here) as port:
        sender = Sender(port)
        sender.send(block(numbered(1)) + block(numbered(2)))
        assert [sender.answer().partition(b"\rMSA|")[2][:4] for _ in range(2)] == [b"AA|1", b"AA|2"]


def test_several_connections_at_once_lose_and_double_nothing(here: Ward) -> None:
    def converse(start: int) -> list[str]:
        sender = Sender(port)
        return [sender.ask(numbered(start + number)) for number in range(10)]

    with listening(here) as port, ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(converse, range(0, 60, 10)))
    assert answers == [["AA"] * 10] * 6
    assert len({one.key for one in here.facts()}) == len(here.facts()) == 60


def test_garbage_between_messages_is_passed_over(here: Ward) -> None:
    with listening(here) as port:
        sender = Sender(port)
        sender.send(b"\r\n keep alive \x1c\r")
        assert sender.ask(numbered(1)) == "AA"
        assert sender.ask(b"no message") == "AR"
        assert sender.ask(numbered(2)) == "AA"


def test_a_block_without_an_end_is_answered_with_ar_and_cut_off(here: Ward) -> None:
    with listening(here, Limits(message_bytes=1_000_000)) as port:
        sender = Sender(port)
        sender.send(b"\x0b" + numbered(7))
        with pytest.raises((ConnectionError, TimeoutError)):
            for _ in range(50):
                sender.send(b"x" * 1_000_000)
        sender = Sender(port)
        sender.send(b"\x0b" + numbered(7) + b"x" * 1_000_000)
        answer = sender.answer()
        assert b"MSA|AR|7" in answer
        assert b"message_too_large" in answer
        assert Sender(port).ask(numbered(1)) == "AA"
    assert here.facts() != []


def test_a_peer_that_stalls_in_a_message_is_cut_off_however_it_drips(here: Ward) -> None:
    with listening(here, Limits(message_s=0.6)) as port:
        sender = Sender(port)
        sender.send(b"\x0bMSH")
        sender.socket.setblocking(False)
        with pytest.raises((ConnectionError, StopIteration)):
            for _ in range(100):
                time.sleep(0.1)
                sender.send(b"x")
                with suppress(BlockingIOError):
                    if sender.socket.recv(1) == b"":
                        raise StopIteration


def test_a_silent_peer_is_let_go_and_too_many_are_turned_away(here: Ward) -> None:
    with listening(here, Limits(idle_s=0.3)) as port:
        assert Sender(port).answer() == b""
    with listening(here, Limits(connections=2)) as port:
        first, second = Sender(port), Sender(port)
        assert first.ask(numbered(1)) == second.ask(numbered(2)) == "AA"
        assert Sender(port).answer() == b""
        first.socket.close()
        time.sleep(0.2)
        assert Sender(port).ask(numbered(3)) == "AA"


def test_a_failing_record_is_said_and_the_message_taken_later(here: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left")

    with listening(here) as port:
        sender = Sender(port)
        with monkeypatch.context() as patch:
            patch.setattr(here.log, "append", broken)
            sender.send(block(numbered(1)))
            answer = sender.answer()
            assert (code_of(answer), b"not_now" in answer) == ("AE", True)
        assert sender.ask(numbered(1)) == "AA"
    assert len(here.facts()) == 1


def test_one_message_that_breaks_us_does_not_take_others_down(here: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    from cartway.intake import hl7_receive

    whole = hl7_receive.items

    def fragile(context: Any) -> Any:
        if context.message.header.get(10) == "2":
            raise ZeroDivisionError
        return whole(context)

    monkeypatch.setattr(hl7_receive, "items", fragile)
    with listening(here) as port, ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda number: Sender(port).ask(numbered(number)), [1, 2, 3])) == ["AA", "AE", "AA"]


def test_no_line_of_the_log_says_a_word_of_a_patient(here: Ward, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), listening(here) as port:
        sender = Sender(port)
        sender.ask(result(obx("38.5"), obx("38,7", at="202601100601"), control="4711-Weiss"))
        sender.ask(b"MSH|^^|4711|Weiss")
        sender.ask(result(obx("38.5"), control=""))
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "accepted 1" in said
    assert not [word for word in ("4711", "888", "Wei", "ofie", "1961", "38.5", "38,7") if word in said]


# TLS


def certificate(folder: Path) -> Address:
    """A self-signed certificate for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    return Address(port=0, certificate=pem, key=secret)


def test_tls(here: Ward, tmp_path: Path) -> None:
    address = certificate(tmp_path)
    assert address.certificate is not None
    trusting = ssl.create_default_context(cafile=address.certificate)
    with listening(here, address=address) as port:
        assert Sender(port, trusting).ask(numbered(1)) == "AA"
        plain = Sender(port)
        plain.send(block(numbered(2)))
        with _closed():
            assert plain.answer() == b""
        assert Sender(port, trusting).ask(numbered(3)) == "AA"
    assert len(here.facts()) == 2


@contextmanager
def _closed() -> Iterator[None]:
    try:
        yield
    except ConnectionError:
        return


# Processes


@contextmanager
def process(folder: Path, mode: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A listener in a process of its own."""
    tests = Path(__file__).parents[1]
    command = [sys.executable, "-m", "intake.data_hl7.desk", str(folder), mode]
    environment = {**os.environ, "PYTHONPATH": f"{tests}{os.pathsep}{tests.parent / 'src'}"}
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert child.stdout is not None
        yield child, int(child.stdout.readline())
    finally:
        child.kill()
        child.wait(20)


def test_killed_between_the_append_and_the_answer_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    with ward(tmp_path) as here:
        here.enrol()
    with process(tmp_path, "dying") as (_, port):
        sender = Sender(port)
        sender.send(block(numbered(1)))
        with _closed():
            assert sender.answer() == b""  # killed: no answer
    with ward(tmp_path) as here:
        assert len(here.facts()) == 1  # and yet it is there
    with process(tmp_path, "living") as (_, port):
        assert Sender(port).ask(numbered(1)) == "AA"
    with ward(tmp_path) as here:
        assert len(here.facts()) == 1


def test_killed_again_and_again_every_acknowledged_message_is_there_once(tmp_path: Path) -> None:
    with ward(tmp_path) as here:
        here.enrol()
    acknowledged = 0
    for answers in (3, 1, 4):
        with process(tmp_path, "living") as (child, port):
            sender = Sender(port)
            for _ in range(answers):
                assert sender.ask(numbered(acknowledged + 1)) == "AA"
                acknowledged += 1
            with _closed():  # killed with a message in hand, which the next round sends again
                sender.send(block(numbered(acknowledged + 1)))
                child.kill()
                acknowledged += code_of(sender.answer()) == "AA"
    with ward(tmp_path) as here:
        keys = [one.key for one in here.facts()]
    assert acknowledged >= 8
    assert len(keys) == len(set(keys))
    assert acknowledged <= len(keys) <= acknowledged + 1


def test_stopping_finishes_the_message_in_hand(here: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    append, begun = here.log.append, threading.Event()

    def slowly(*facts: Any, **said: Any) -> Any:
        begun.set()
        time.sleep(0.4)
        return append(*facts, **said)

    monkeypatch.setattr(here.log, "append", slowly)
    with listening(here) as port:
        sender = Sender(port)
        sender.send(block(numbered(1)) + block(numbered(2)))
        assert begun.wait(5)
    assert b"MSA|AA|1" in sender.answer()
    assert sender.answer() == b""  # the second was not begun: the sender will send it again
    assert len(here.facts()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_lets_it_finish_what_is_in_hand(tmp_path: Path, number: signal.Signals) -> None:
    with ward(tmp_path) as here:
        here.enrol()
    with process(tmp_path, "living") as (child, port):
        sender = Sender(port)
        assert sender.ask(numbered(1)) == "AA"
        sender.send(block(numbered(2)))
        assert code_of(sender.answer()) == "AA"
        child.send_signal(number)
        assert child.wait(10) == 0
        assert sender.answer() == b""
        with pytest.raises(ConnectionRefusedError):
            Sender(port)
