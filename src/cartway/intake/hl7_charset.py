"""Bytes to text by MSH-18 (HL7 table 0211). What cannot be decoded is refused: never a wrong letter in silence.

Only character sets whose MSH segment can be found byte by byte are read: the single-byte ISO 8859 family, UTF-8, and
three East Asian ones. The ISO 2022 sets switch alphabets inside the text and are refused by name.
"""

from __future__ import annotations

import codecs
import re

from cartway.problem import Problem

DEFAULT = "UNICODE UTF-8"

# ASCII is read as UTF-8, of which it is a part: a Latin-1 letter under that name fails, since it is not valid UTF-8.
CODECS = {
    "ASCII": "utf-8",
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    **{f"8859/{part}": f"iso8859-{part}" for part in (*range(1, 12), 13, 14, 15)},
    "GB 18030-2000": "gb18030",
    "BIG-5": "big5",
    "KS X 1001": "euc_kr",
}
_C1_CONTROL = re.compile("[\x80-\x9f]")  # no text has them: they betray Windows-1252 or UTF-8 sent as 8859/x


def charset_of(msh: bytes, default: str = DEFAULT) -> str:
    """The first repetition of MSH-18 as written, or `default` where it is empty. `msh` is the MSH segment."""
    fields = msh.split(msh[3:4]) if len(msh) > 8 else []
    if len(fields) < 18:
        return default
    repeat = msh[5:6] or b"~"
    return fields[17].split(repeat)[0].decode("ascii", "replace").strip() or default


def codec_of(charset: str) -> str | None:
    """Python's codec of a table 0211 name; None where it is not read here."""
    return CODECS.get(charset.upper().removeprefix("ISO ").replace("ISO-", "").replace("8859-", "8859/"))


def decode(message: bytes, default: str = DEFAULT) -> tuple[str, str] | Problem:
    """The text of one message and the codec that read it. Problems: unsupported_charset, undecodable."""
    charset = charset_of(re.split(rb"[\r\n]", message, maxsplit=1)[0], default)
    codec = codec_of(charset)
    if codec is None:
        return _unsupported()
    try:
        text = message.decode(codec)
    except UnicodeDecodeError as error:
        return _undecodable(error.start)
    wrong = _C1_CONTROL.search(text) if codec.startswith("iso8859") else None
    return _undecodable(wrong.start()) if wrong else (text, codec)


def keep(message: bytes) -> str:
    """Text that keeps every byte: those that are not UTF-8 stand as HL7 hexadecimal escapes, to be mended by hand."""
    return message.decode("utf-8", "cartway.hl7")


def _hexadecimal(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "".join(f"\\X{byte:02X}\\" for byte in error.object[error.start : error.end]), error.end


codecs.register_error("cartway.hl7", _hexadecimal)


def _unsupported() -> Problem:
    return Problem(
        "unsupported_charset",
        "MSH-18 names a character set that is not read here.",
        "Send UNICODE UTF-8 or one of 8859/1 to 8859/15.",
    )


def _undecodable(position: int) -> Problem:
    return Problem(
        "undecodable",
        f"The bytes are not in the character set of MSH-18 (first at byte {position} of the message).",
        "State the true character set in MSH-18; without one, UTF-8 is read.",
    )
