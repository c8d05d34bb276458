"""Separators, escapes, line ends, character sets, frames: chapter 2 of HL7 v2, and what senders make of it."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.intake import hl7_syntax
from cartway.intake.drafts import Draft, Enrolment, Ignored, Item, Merge, Refused
from cartway.intake.hl7_charset import decode, keep
from cartway.intake.hl7_framing import _CHUNK, Blocks, _chunks, _lines, frames
from cartway.intake.hl7_syntax import MAX_SEGMENTS, Delimiters, Message, escape, parse, unescape
from cartway.problem import Problem
from intake.data_hl7.draw import OBR, PID, SAMPLES, fact, header, message, obx, read, refusal, result

STANDARD = Delimiters()


def parsed(text: str) -> Message:
    found = parse(text)
    assert isinstance(found, Message), found
    return found


def problem(text: str) -> str:
    found = parse(text)
    assert isinstance(found, Problem)
    return found.code


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n", "\n\n"])
def test_segments_end_with_any_line_end(end: str) -> None:
    found = parsed(f"MSH|^~\\&|A{end}PID|1||7{end}OBX|1{end}")
    assert [segment.name for segment in found.segments] == ["MSH", "PID", "OBX"]
    assert found.segments[1].get(3) == "7"


def test_fields_repetitions_components_and_parts_are_numbered_from_one() -> None:
    pid = parsed("MSH|^~\\&|A\rPID|1||7^^^H&1.2&ISO^MR~8^^^S").segments[1]
    assert [pid.part_of(one) for one in pid.repetitions(3)] == ["7", "8"]
    assert (pid.get(3, 4), pid.get(3, 4, 2), pid.get(3, 4, 3), pid.get(3, 5)) == ("H", "1.2", "ISO", "MR")
    assert (pid.get(3, 9), pid.get(30), pid.get(2)) == ("", "", "")


def test_msh_1_is_the_separator_itself() -> None:
    msh = parsed("MSH|^~\\&|LAB|HOSP").header
    assert (msh.raw(1), msh.raw(2), msh.get(3), msh.get(4)) == ("|", "^~\\&", "LAB", "HOSP")
    assert msh.line() == "MSH|^~\\&|LAB|HOSP"


def test_the_sender_chooses_the_separators() -> None:
    found = parsed("MSH$%*!@$A\rPID$1$$7%%%H@1.2@ISO*8")
    assert (found.segments[1].get(3, 4, 2), len(found.segments[1].repetitions(3))) == ("1.2", 2)


def test_the_separators_must_be_distinct() -> None:
    assert problem("MSH|^~\\\\&|A") == "bad_delimiters"
    assert problem("MSH|^^\\&|A") == "bad_delimiters"
    assert problem("MSHA^~\\&AB") == "bad_delimiters"
    assert problem("MSH|") == "bad_delimiters"


def test_no_message_and_two_in_one() -> None:
    assert problem("PID|1") == "no_header"
    assert problem("") == "no_header"
    assert problem("MSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\rPID|2") == "several_headers"


def test_a_line_break_inside_text_continues_the_segment() -> None:
    second = parsed("MSH|^~\\&|A\nOBX|1|TX|X||first line\nsecond line||||||F\nNTE|1").segments[1]
    assert (second.get(5), second.get(11)) == ("first line\nsecond line", "F")


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"),
        (r"\X48656C6C6F\!", "Hello!"),
        (r"one\.br\two", "one\ntwo"),
        (r"\H\loud\N\ quiet", "loud quiet"),
        (r"\Zcustom\ stays", r"\Zcustom\ stays"),
        (r"half\an escape", r"half\an escape"),
        (r"\E\F\E\ is read once", r"\F\ is read once"),
        (r"C:\E\Xray", r"C:\Xray"),
        ("\\" * 5, "\\" * 5),
    ],
)
def test_escapes(sent: str, meant: str) -> None:
    assert unescape(sent, STANDARD) == meant


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=60))
def test_what_is_escaped_reads_back(text: str) -> None:
    assert unescape(escape(text, STANDARD), STANDARD) == text
    assert not set("|^~&") & set(escape(text, STANDARD))


def test_nested_escapes_cost_no_more_than_their_length(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    meaning = hl7_syntax._meaning
    monkeypatch.setattr(hl7_syntax, "_meaning", lambda name, marks: asked.append(name) or meaning(name, marks))
    hostile = "\\" * 100_001 + "E\\" * 100_000
    unescape(hostile, STANDARD)
    assert len(asked) <= hostile.count("\\")


# Character sets


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("", "utf-8"),
        ("UNICODE UTF-8", "utf-8"),
        ("UNICODE", "utf-8"),
        ("8859/1", "latin-1"),
        ("8859/2", "iso8859-2"),
        ("8859/15", "iso8859-15"),
        ("8859/1~ISO IR87", "latin-1"),
        ("ISO 8859-1", "latin-1"),
        ("GB 18030-2000", "gb18030"),
    ],
)
def test_the_character_set_is_that_of_msh_18(charset: str, codec: str) -> None:
    name = "Žofie" if codec in ("utf-8", "iso8859-2", "iso8859-15", "gb18030") else "Zoë"
    sent = f"{header(charset=charset)}\rPID|1||7||Müller^{name}\r".encode(codec)
    found = decode(sent)
    assert not isinstance(found, Problem)
    assert parsed(found[0]).segments[1].get(5, 2) == name


@pytest.mark.parametrize("charset", ["", "ASCII", "UNICODE UTF-8"])
def test_latin_1_letters_under_another_name_are_refused_not_garbled(charset: str) -> None:
    sent = f"{header(charset=charset)}\rPID|1||7||Müller\r".encode("latin-1")
    assert refusal(sent).problem.code == "undecodable"


def test_utf_8_or_windows_letters_sent_as_8859_1_are_refused() -> None:
    for codec in ("utf-8", "cp1252"):
        sent = f"{header(charset='8859/1')}\rPID|1||7||Jiří “X”\r".replace("ř", "r").encode(codec)
        assert refusal(sent).problem.code == "undecodable"


def test_an_unknown_character_set_is_refused() -> None:
    assert refusal(message(PID, charset="ISO IR87")).problem.code == "unsupported_charset"


def test_a_refused_message_keeps_its_bytes_and_can_be_mended_by_naming_its_character_set() -> None:
    sent = f"{header(charset='')}\r{PID}\r{OBR}\r{obx('Müdigkeit', kind='ST', code='X^Y^L')}\r".encode(
        "latin-1", "replace"
    )
    kept = refusal(sent).input
    assert "\\XFC\\" in kept
    assert refusal(kept.encode()).problem.code == "undecodable"  # still not UTF-8
    mended = kept.replace("|2.5.1||||||", "|2.5.1||||||8859/1")
    assert isinstance(read(mended.encode())[0], Ignored)
    text, codec = decode(mended.encode())
    message_again = parse(text, codec)
    assert isinstance(message_again, Message)
    assert message_again.segments[3].get(5) == "Müdigkeit"


def test_a_file_in_utf_16_is_read() -> None:
    text = "\ufeff" + result(obx("38.5")).decode()
    for codec in ("utf-16-le", "utf-16-be"):
        assert fact(text.encode(codec)).value == 38.5


@given(st.binary(max_size=400))
def test_what_is_kept_of_a_message_is_all_of_it(data: bytes) -> None:
    assert keep(data).encode() == b"" or len(keep(data)) >= len(data.decode("utf-8", "ignore"))


# Files


def test_several_messages_a_batch_and_mllp_blocks_in_one_file() -> None:
    one, two = result(obx("38.1"), control="1"), result(obx("38.2"), control="2")
    plain, blocks = one + two, b"\x0b" + one + b"\x1c\r\x0b" + two + b"\x1c\r"
    batch = b"FHS|^~\\&|A\rBHS|^~\\&|A\r" + one + two + b"BTS|2\rFTS|1\r"
    for data in (
        plain,
        blocks,
        batch,
        b"\xef\xbb\xbf" + plain,
        gzip.compress(plain),
        b"\n\n" + plain.replace(b"\r", b"\n"),
    ):
        assert [item.fact.value for item in read(data) if isinstance(item, Draft)] == [38.1, 38.2]
        assert len(read(data)) == 2


def test_a_batch_that_lost_a_message_is_told() -> None:
    found = read(b"BHS|^~\\&|A\r" + result(obx("38.1")) + b"BTS|2\r")
    assert [type(item) for item in found] == [Draft, Refused]
    assert isinstance(found[1], Refused)
    assert found[1].problem.code == "batch_incomplete"


def test_a_block_without_its_end_is_truncated() -> None:
    found = read(b"\x0b" + result(obx("38.1")) + b"\x1c\r\x0b" + result(obx("3"))[:-40])
    assert [type(item) for item in found] == [Draft, Refused]


def test_text_between_messages_is_told_and_the_rest_goes_in() -> None:
    found = read(b"Dear colleague,\r" + result(obx("38.1")))
    assert [type(item) for item in found] == [Refused, Draft]


def test_no_message_at_all() -> None:
    for data in (b"", b"nothing here", b"[SOM]MSH|^~\\&|A[EOM]"):
        assert refusal(data).problem.code == "no_message"


def test_a_message_too_large_is_refused_and_the_next_one_read() -> None:
    huge = message(PID, OBR, "OBX|1|ED|PDF^Report^L||" + "A" * 11_000_000)
    found = read(huge + result(obx("38.1")))
    assert [type(item) for item in found] == [Refused, Draft]


def test_too_many_segments_are_refused_before_they_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hl7_syntax, "_join", lambda *_: pytest.fail("the segments were looked at"))
    sent = message(*["OBX|"] * 3 * MAX_SEGMENTS)
    assert refusal(sent).problem.code == "too_many_segments"


def test_one_line_of_fifty_megabytes_is_read_once_and_never_held() -> None:
    line = b"MSH|" + b"x" * 50_000_000
    (frame,) = frames(line)
    assert frame.problem is not None and frame.data == b""
    pieces = [len(piece) for piece, _ in _lines(_chunks(line))]
    assert sum(pieces) == len(line)
    assert max(pieces) <= 2 * _CHUNK


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_file_is_read_to_its_end(path: object) -> None:
    from pathlib import Path

    from cartway.intake.hl7 import read_hl7

    assert isinstance(path, Path)
    found = list(read_hl7(path, name=path.name))
    assert found
    assert all(isinstance(item, Draft | Ignored | Refused | Enrolment | Merge) for item in found)


@given(st.binary(max_size=300))
def test_random_bytes_never_raise(data: bytes) -> None:
    read(data)
    read(b"MSH|^~\\&|" + data)
    read(header().encode() + b"\r" + data)


@given(st.data())
def test_a_message_cut_or_changed_anywhere_never_raises(data: st.DataObject) -> None:
    whole = bytearray(result(obx("38.1"), obx("<0.1", kind="SN"), obx("120/80", kind="ST", code="85354-9^BP^LN")))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    items: list[Item] = read(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    assert items


# MLLP


def test_blocks_split_anywhere_and_two_in_one_packet() -> None:
    one, two = b"MSH|^~\\&|A\rPID|1", b"MSH|^~\\&|B"
    sent = b"noise\x0b" + one + b"\r\x1c\r\n\x0b" + two + b"\x1c\r"
    assert [frame.data for frame in Blocks().feed(sent)] == [one, two]
    byte_by_byte = Blocks()
    assert [frame.data for i in range(len(sent)) for frame in byte_by_byte.feed(sent[i : i + 1])] == [one, two]


@given(st.lists(st.binary(max_size=20), max_size=12))
def test_blocks_never_raise_and_lose_nothing_between_the_marks(pieces: list[bytes]) -> None:
    inside = b"".join(pieces).replace(b"\x1c", b"").replace(b"\x0b", b"")
    blocks = Blocks()
    found = [frame for piece in [b"\x0b", *pieces] for frame in blocks.feed(piece)]
    fresh = Blocks()
    whole = fresh.feed(b"\x0b" + inside + b"\x1c\r")
    assert whole[0].data == inside.strip(b"\r\n")
    assert all(frame.problem is None for frame in found)


def test_a_block_that_never_ends_is_cut_off() -> None:
    blocks = Blocks(max_bytes=1_000_000)
    blocks.feed(b"\x0bMSH|^~\\&|A|B|C|D|1||ORU^R01|77|P|2.5\r")
    found = [frame for _ in range(50) for frame in blocks.feed(b"x" * 65536)]
    assert found[0].problem is not None
    assert found[0].data.startswith(b"MSH|")
    assert not blocks.in_block
