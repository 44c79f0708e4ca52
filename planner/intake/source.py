"""Reads a text file: UTF-8, of a sane size, free of binary; anything else is an InvalidInput. And where the catalogue's files lie: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from planner.errors import InvalidInput, Problem, nearest

MAX_BYTES = 20_000_000
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


@dataclass(frozen=True)
class Source:
    """A text and where it comes from: the file as the user wrote it, and the SHA-256 of its bytes in hex."""

    name: str
    text: str
    sha256: str


def read_source(path: str | Path, *, max_bytes: int = MAX_BYTES, within: Path | None = None) -> Source:
    """The text of a file, or of standard input for `-`. A byte-order mark is dropped, line ends become `\\n`.

    `within`: the folder that a file named in another file may not lead out of, nor be anything but a regular file.
    Raises InvalidInput when the file is missing, a folder, unreadable, larger than `max_bytes`, binary or not UTF-8.
    """
    if str(path) == "-" and within is None:
        if sys.stdin is None:
            raise InvalidInput(Problem("standard input is closed", "Give a file.", "<stdin>"))
        return decode("<stdin>", sys.stdin.buffer.read(max_bytes + 1), max_bytes=max_bytes)
    if "\x00" in str(path):
        raise InvalidInput(Problem("no file can have this name", "Correct it.", str(path)))
    if within is not None:
        stay(Path(path), within)
    return decode(str(path), _bytes(Path(path), max_bytes), max_bytes=max_bytes)


def decode(name: str, raw: bytes, *, max_bytes: int = MAX_BYTES) -> Source:
    """The text that these bytes hold."""
    if len(raw) > max_bytes:
        raise _too_large(name, max_bytes)
    if raw.startswith(_UTF16_OR_32):
        raise InvalidInput(Problem("this is UTF-16 or UTF-32 text", "Save the file as UTF-8.", name))
    if b"\x00" in raw:
        raise InvalidInput(Problem("this is a binary file, not text", "Give a text file in UTF-8.", name))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place(raw[: error.start].decode("utf-8-sig"))
        what = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        raise InvalidInput(Problem(what, "Save the file as UTF-8.", name, line, column)) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := _CONTROL.search(text):
        what = f"control character U+{ord(control.group()):04X} cannot stand in an input"
        raise InvalidInput(Problem(what, "Delete it.", name, *_place(text[: control.start()])))
    return Source(name, text, hashlib.sha256(raw).hexdigest())


def _bytes(path: Path, max_bytes: int) -> bytes:
    try:
        if path.is_dir():
            raise InvalidInput(Problem("this is a folder", "Give a file.", str(path)))
        # A huge file is refused before it is read; a device has size 0, so reading is capped too.
        if path.stat().st_size > max_bytes:
            raise _too_large(str(path), max_bytes)
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except FileNotFoundError:
        raise InvalidInput(Problem("there is no such file", _did_you_mean(path), str(path))) from None
    except OSError as error:
        why = (error.strerror or "the system refused").lower()
        raise InvalidInput(Problem(f"the file cannot be read: {why}", "Check its permissions.", str(path))) from None


def stay(path: Path, folder: Path) -> None:
    """Refuse a file that another file names and that a stranger's file should not make us read."""
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        inside = False
    if not inside:
        what = "a case reads only what lies in its own folder, and this does not"
        raise InvalidInput(Problem(what, "Put the file beside the case.", str(path)))
    if path.exists() and not path.is_file() and not path.is_dir():
        raise InvalidInput(Problem("this is no regular file", "Give a file.", str(path)))


def _did_you_mean(path: Path) -> str:
    folder = path.parent
    names = tuple(sorted(entry.name for entry in folder.iterdir())) if folder.is_dir() else ()
    match = nearest(path.name, names)
    return f"Did you mean {folder / match}?" if match else "Check the name and the folder."


def _too_large(name: str, max_bytes: int) -> InvalidInput:
    limit = f"{max_bytes // 1_000_000} MB"
    return InvalidInput(Problem(f"the file is larger than {limit}", "Split it, or use CSV for long tables.", name))


def _place(before: str) -> tuple[int, int]:
    """Line and column, from 1, of the character after this text."""
    before = before.replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


PACKAGE = Path(__file__).resolve().parent.parent


def data_path(name: str) -> Path:
    """Path of a file of the catalogue, such as `accelerators.yaml`. The file need not exist."""
    checkout = PACKAGE.parent / "data"
    inside_checkout = (PACKAGE.parent / "pyproject.toml").exists() and checkout.is_dir()
    return (checkout if inside_checkout else PACKAGE / "_data") / name
