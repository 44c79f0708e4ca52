"""Shows results on stdout or in a file: as tables for people, as CSV, Markdown or HTML, or as JSON in an envelope that says where
they come from.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic_core import to_json

from planner.errors import InvalidInput, Problem, UsageError
from planner.report.language import IN_ENGLISH, Language
from planner.report.tables import WIDTH, Part, Table, as_csv, as_markdown, for_terminal, text
from planner.whole_file import write_whole

if TYPE_CHECKING:
    from planner.figures.figure import Figure


class Format(StrEnum):
    """How results are shown."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
    XLSX = "xlsx"
    PDF = "pdf"


FormatOption = Annotated[
    Format | None, typer.Option("--format", "-f", help="How to show the result; else the suffix of -o decides.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout, whole or not at all.")
]
SUFFIXES = {
    ".json": Format.JSON,
    ".csv": Format.CSV,
    ".md": Format.MARKDOWN,
    ".html": Format.HTML,
    ".xlsx": Format.XLSX,
    ".pdf": Format.PDF,
    ".txt": Format.TABLE,
}
WRITERS = {Format.CSV: as_csv, Format.MARKDOWN: as_markdown}
BINARY = (Format.XLSX, Format.PDF)
PAGES = (Format.HTML, *BINARY)


def emit(
    results: Any,
    *,
    schema: str,
    table: Table | Sequence[Table] = (),
    format: Format | None = None,
    as_json: bool = False,
    output: Path | None = None,
    **envelope_fields: Any,
) -> None:
    """Show results in the format asked for.

    `results`: plain data and nouns: what JSON shows, in the envelope of `schema` (`planner.controls/1`);
    `envelope_fields` are the rest of it: status, inputs_sha256, data_as_of, diagnostics.
    `table`: the same for people, and for CSV, Markdown and HTML. Raises UsageError when the format or the file cannot be.
    """
    form = chosen(format, as_json=as_json, output=output)
    tables = [table] if isinstance(table, Table) else list(table)
    if form is Format.JSON:
        whole: str | bytes = envelope(results, schema=schema, **envelope_fields)
    elif form in WRITERS:
        whole = WRITERS[form](tables)
    elif form in PAGES:
        from planner.papers.paper import paper_of_tables
        from planner.papers.writers import write

        whole = write(paper_of_tables(tables), form)
    else:
        whole = Screen.of(output).tables(tables)
    put(whole, output)


def show(
    parts: Sequence[Part],
    results: Any,
    *,
    form: Format,
    output: Path | None,
    title: str = "planner",
    figures: Callable[[], Sequence[Figure]] = tuple,
    say: Language = IN_ENGLISH,
    **others: Any,
) -> None:
    """An answer that is a page for people, on a terminal or in a browser, and for programs what `emit` shows of it: the
    tail of every verb. `title`: of a page that begins with no heading; `figures` draws those of the page, where it is one that can hold them.
    """
    if form is Format.TABLE:
        put(Screen.of(output).page(parts, say), output)
    elif form in PAGES:
        put(_paper(parts, form, title, figures), output)
    else:
        emit(results, format=form, output=output, **others)


def _paper(parts: Sequence[Part], form: Format, title: str, figures: Callable[[], Sequence[Figure]]) -> str | bytes:
    from planner.papers.paper import paper_of
    from planner.papers.writers import write

    return write(paper_of(parts, figures(), title), form)


@dataclass(frozen=True)
class Screen:
    """Where words and tables go: to a person's terminal, as wide as it is and in its colours, or into a file or a pipe."""

    columns: int | None
    colour: bool

    @classmethod
    def of(cls, output: Path | None) -> Screen:
        """The terminal, if a person reads it."""
        person = output is None and sys.stdout is not None and sys.stdout.isatty()
        columns = shutil.get_terminal_size().columns if person else None
        return cls(columns, person and "NO_COLOR" not in os.environ)

    def page(self, parts: Sequence[Part], say: Language = IN_ENGLISH) -> str:
        """Paragraphs, headings and tables, no wider than is good to read."""
        return text(parts, width=min(self.columns or WIDTH, WIDTH), colour=self.colour, say=say)

    def tables(self, tables: Sequence[Table]) -> str:
        """Tables in full, wrapped to a terminal."""
        return for_terminal(tables, width=self.columns, colour=self.colour)


def chosen(format: Format | None, *, as_json: bool = False, output: Path | None = None) -> Format:
    """The format that the options ask for: --json, --format, the suffix of the file, or a table."""
    if as_json and format not in (None, Format.JSON):
        raise UsageError(f"--json and --format {format} exclude each other.")
    if output is None and format in BINARY:
        raise UsageError(f"what {format} holds is no text; give -o FILE.")
    if as_json or format:
        return format or Format.JSON
    if output is None:
        return Format.TABLE
    if output.suffix not in SUFFIXES:
        raise UsageError(f"the suffix of {output} names no format; use {', '.join(SUFFIXES)} or add --format.")
    return SUFFIXES[output.suffix]


def put(whole: str | bytes, output: Path | None) -> None:
    """Write to stdout, or to a file that appears only once it is whole. Raises UsageError when that cannot be."""
    if output is None:
        if sys.stdout is None:
            raise UsageError("standard output is closed; give -o FILE.")
        sys.stdout.write(str(whole))
        return
    try:
        write_whole(output, whole)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"cannot write {output}: {why.lower()}.") from None
    print(f"Wrote {output}.", file=sys.stderr)


@cache
def planner_version() -> str:
    """The version that is installed."""
    from importlib.metadata import version

    return version("planner")


def envelope(
    results: Any,
    *,
    schema: str,
    status: str = "ok",
    inputs_sha256: str | None = None,
    data_as_of: str | None = None,
    diagnostics: Sequence[Any] = (),
) -> str:
    """The results as JSON text. `schema` names their form, `planner.plan/1`; a number that is none is null."""
    content = {
        "schema": schema,
        "planner_version": planner_version(),
        "inputs_sha256": inputs_sha256,
        "data_as_of": data_as_of,
        "status": status,
        "results": results,
        "diagnostics": diagnostics,
    }
    whole = to_json(content, indent=2, by_alias=False, inf_nan_mode="null", fallback=_plain)
    return whole.decode() + "\n"


def error_envelope(verb: str, error: Exception, exit_code: int, message: str) -> str:
    """An error as JSON text: one diagnostic for each problem, in the order of the file."""
    problems = error.problems if isinstance(error, InvalidInput) else (Problem(message),)
    diagnostics = [{"severity": "error", **asdict(problem)} for problem in problems]
    results = {"exit_code": exit_code, "error": type(error).__name__}
    return envelope(results, schema=f"planner.{verb}/1", status="error", diagnostics=diagnostics)


def notes(sentences: Iterable[str]) -> list[dict[str, str]]:
    """Diagnostics that ask for nothing: what was assumed."""
    return [{"severity": "note", "what": sentence} for sentence in sentences]


def _plain(value: Any) -> Any:
    """What pydantic does not know, as what it does: numpy scalars, other mappings and sequences."""
    if isinstance(value, Mapping):
        return dict(value)
    return value.item() if hasattr(value, "item") else list(value)
