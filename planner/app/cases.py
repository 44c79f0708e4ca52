"""The case that is served and those that users bring, each as the texts of its files, by the hash of them.

A case that a user brings is known to whoever knows its whole text, or was given its link; nobody can list them. Its
files are read in a temporary folder of their own, under their own names, and stand nowhere else.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tempfile
import threading
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from planner.domain.bid import Comparison
from planner.domain.case import Case
from planner.errors import InvalidInput, Problem, UsageError
from planner.intake import Inputs, read_inputs
from planner.intake.options_file import OptionInputs, read_options

T = TypeVar("T")
MAX_FILES, MAX_BYTES = 4, 5_000_000
KEPT = 64
"""Cases of users that are kept; the one asked for longest ago gives way."""
SUFFIXES = (".yaml", ".yml", ".csv")
_OPTIONS = re.compile(rb"^options:", re.MULTILINE)


@dataclass(frozen=True)
class CaseFiles:
    """A case file, the first, and the tables beside it: name and bytes of each."""

    files: tuple[tuple[str, bytes], ...]

    @cached_property
    def sha256(self) -> str:
        """Of names and bytes, in hex."""
        hashed = hashlib.sha256()
        for name, content in self.files:
            hashed.update(f"{name}\n{len(content)}\n".encode() + content)
        return hashed.hexdigest()

    @property
    def name(self) -> str:
        return self.files[0][0]

    @property
    def text(self) -> str:
        """What the case file says; what in it is no UTF-8 is marked."""
        return self.files[0][1].decode("utf-8-sig", errors="replace")

    def with_text(self, text: str) -> CaseFiles:
        """The same with another case file."""
        return CaseFiles(((self.name, text.encode()), *self.files[1:]))

    @cached_property
    def case(self) -> Case:
        """The case, read once."""
        return self.read().case

    @cached_property
    def comparison(self) -> Comparison:
        """The options, read once, where the first is a file of options."""
        return self.read_options().comparison

    def __getstate__(self) -> dict[str, object]:
        """Files alone go to other processes."""
        return {"files": self.files}

    def read(self) -> Inputs:
        """The case, as the command line reads it. Raises InvalidInput with every problem, each at its place."""
        return self._read(read_inputs)

    def read_options(self) -> OptionInputs:
        """The options and their case, where the first is a file of options. Raises InvalidInput likewise."""
        return self._read(read_options)

    def _read(self, how: Callable[[Path], T]) -> T:
        with tempfile.TemporaryDirectory(prefix="planner-") as folder:
            for name, content in self.files:
                (Path(folder) / name).write_bytes(content)
            try:
                return how(Path(folder) / self.name)
            except InvalidInput as error:
                raise InvalidInput(*(_here(problem, Path(folder)) for problem in error.problems)) from None

    def changed(self, sets: Mapping[str, object]) -> CaseFiles:
        """The same case with these overrides beside its own, in a text that says so at its end.

        Raises UsageError where the case sets one of the paths itself.
        """
        if not sets:
            return self
        own = self.case.overrides
        if twice := sorted(own.keys() & sets.keys()):
            raise UsageError(f"the case's own overrides set {twice[0]}; take it out of them to move it here.")
        lines = [f"  {json.dumps(path)}: {json.dumps(value)}" for path, value in {**own, **sets}.items()]
        return self.with_text("\n".join([*_without_overrides(self.text), "", "overrides:", *lines, ""]))

    def packed(self) -> tuple[str, bytes]:
        """Name and content of one file to take away: the case, with its tables in an archive where it has any."""
        if len(self.files) == 1:
            return self.files[0]
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files:
                # A day of its own, so that the same files make the same archive.
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return f"{Path(self.name).stem}.zip", whole.getvalue()


def from_path(path: Path) -> CaseFiles:
    """The case in that file and the table that it names. Raises InvalidInput with every problem."""
    return _kept(read_inputs(path).files)


def options_from_path(path: Path) -> CaseFiles:
    """The options in that file, their case and its table. Raises InvalidInput with every problem, UsageError for what the page does not carry."""
    read = read_options(path)
    planned = [key for key, bid in read.comparison.options.items() if bid.plan is not None]
    if planned:
        raise UsageError(
            f"the page carries no saved plans; state parts, award_date and service_date of {', '.join(planned)}."
        )
    return _kept((path, *read.inputs.files))


def _kept(files: Iterable[Path]) -> CaseFiles:
    return CaseFiles(tuple((file.name, file.read_bytes()) for file in files))


def from_upload(uploaded: Iterable[tuple[str, bytes]], *, options: bool = False) -> CaseFiles:
    """Files as a browser sends them, bounded in number and size; an archive stands for what it holds. `options`: a file of
    options, the first then, with its case.

    Raises UsageError for what can be no case, before anything is read.
    """
    files: list[tuple[str, bytes]] = []
    for name, content in uploaded:
        files += _unpacked(name, content) if name.lower().endswith(".zip") else [(name, content)]
    if not files or len(files) > MAX_FILES:
        raise UsageError(f"a case is one to {MAX_FILES} files: a case file and its tables.")
    if sum(len(content) for _, content in files) > MAX_BYTES:
        raise UsageError(f"these files are larger than {MAX_BYTES // 1_000_000} MB together.")
    for name, _ in files:
        if name != Path(name).name or not name.isprintable() or name.startswith(".") or len(name) > 100:
            raise UsageError(f"no file of a case can have this name: {name[:100]!r}.")
        if not name.lower().endswith(SUFFIXES):
            raise UsageError(f"{name} is no file of a case; bring {', '.join(SUFFIXES)} or an archive of them (.zip).")
    cases = [file for file in files if not file[0].lower().endswith(".csv")]
    first = [file for file in cases if _OPTIONS.search(file[1])] if options else cases
    if len(first) != 1 or len(cases) != 1 + options or len({name for name, _ in files}) < len(files):
        wanted = "a file of options, its case (.yaml)" if options else "one case file (.yaml)"
        raise UsageError(f"bring {wanted} and the tables that it names, each once.")
    return CaseFiles((first[0], *(file for file in files if file is not first[0])))


class Cases:
    """By hash: the case that is served, always, and the latest that users have brought; `options`: files of options that are
    served beside it.
    """

    def __init__(self, served: CaseFiles, options: Iterable[CaseFiles] = ()) -> None:
        self.served = served
        self.options = {files.sha256: files for files in options}
        self._brought: OrderedDict[str, CaseFiles] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, files: CaseFiles) -> str:
        """Keep a case that has been read without a problem; gives its hash."""
        with self._lock:
            if files.sha256 != self.served.sha256:
                self._brought[files.sha256] = files
                self._brought.move_to_end(files.sha256)
                while len(self._brought) > KEPT:
                    self._brought.popitem(last=False)
        return files.sha256

    def get(self, sha256: str | None) -> CaseFiles | None:
        """The case of that hash, the served one where none is given; None for one that is not kept (any more)."""
        if not sha256 or sha256 == self.served.sha256:
            return self.served
        if sha256 in self.options:
            return self.options[sha256]
        with self._lock:
            if sha256 in self._brought:
                self._brought.move_to_end(sha256)
            return self._brought.get(sha256)


def _without_overrides(text: str) -> list[str]:
    """The lines of a case file less those of its key `overrides`, and less empty ones at its end."""
    lines, kept, inside = text.splitlines(), list[str](), False
    for line in lines:
        if line and not line[0].isspace() and not line.startswith("#"):
            inside = line.split(":")[0].strip("'\" ") == "overrides"
        if not inside:
            kept.append(line)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _unpacked(name: str, content: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise UsageError(f"{name} holds more than {MAX_FILES} files or {MAX_BYTES // 1_000_000} MB.")
            return [(entry.filename, _bounded(archive, entry)) for entry in entries]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError):
        raise UsageError(f"{name} is no archive that can be read; bring the files themselves.") from None


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Its bytes, no more than it says it has: an archive may lie about them."""
    with archive.open(entry) as file:
        return file.read(entry.file_size)


def _here(problem: Problem, folder: Path) -> Problem:
    """The problem as told of a file beside the user, not of our copy."""
    if problem.file is None:
        return problem
    path = Path(problem.file)
    return replace(problem, file=path.name) if path.parent == folder else problem
