"""What a scanner sees of a printed label: its picture as gray dots, and the codes found in it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
import zxingcpp

Dots = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


def dots(png: bytes) -> Dots:
    """The gray dots of a PNG of eight bits a channel with alpha (PNG specification, filters 0 to 4)."""
    parts = list(_parts(png))
    width, height, depth, color = struct.unpack(">IIBB", parts[0][1][:10])
    assert (depth, color) == (8, 6), "eight bits, red, green, blue, alpha"
    raw = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    lines = np.frombuffer(raw, np.uint8).reshape(height, 1 + 4 * width)
    picture = np.zeros((height, 4 * width), np.uint8)
    above = np.zeros(4 * width, np.uint8)
    for row, line in enumerate(lines):
        above = picture[row] = _unfiltered(int(line[0]), line[1:], above)
    return np.ascontiguousarray(picture.reshape(height, width, 4)[:, :, :3].mean(axis=2).astype(np.uint8))


def _parts(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def _unfiltered(kind: int, line: np.ndarray, above: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    if kind == 0:
        return line
    if kind == 2:
        return line + above
    if kind == 1:
        return np.cumsum(line.reshape(-1, 4), axis=0, dtype=np.uint8).reshape(-1)
    out = bytearray(line.tobytes())
    for n in range(len(out)):
        left, corner = (out[n - 4], int(above[n - 4])) if n >= 4 else (0, 0)
        out[n] = (out[n] + _predicted(kind, left, int(above[n]), corner)) & 255
    return np.frombuffer(bytes(out), np.uint8)


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 3:
        return (left + up) // 2
    guess = left + up - corner
    return min((left, up, corner), key=lambda each: abs(guess - each))


def codes_read(png: bytes) -> dict[str, str]:
    """Every code on a picture: what it says, by which kind it is."""
    found = zxingcpp.read_barcodes(dots(png))
    return {each.text: str(each.format).replace(" ", "") for each in found}
