"""A paper: a title, the figures that count, and sections of words, tables and figures. Each format writes the same paper.

Words are paragraphs; those that begin with `- ` are items of a list. `[^3]` refers to the third source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from planner.figures.figure import Figure
from planner.report.language import IN_ENGLISH, Language
from planner.report.tables import Heading, Part, Table

PaperPart = Part | Figure


@dataclass(frozen=True)
class Section:
    """What stands under one heading; the first of a page that has no headings needs none."""

    heading: str
    parts: Sequence[PaperPart]

    @property
    def figures(self) -> list[Figure]:
        return [part for part in self.parts if isinstance(part, Figure)]


@dataclass(frozen=True)
class Paper:
    """`facts`: what a reader takes away, a label and its value each. `worded`: cells and heads of tables stand as they are; else
    columns are named as everywhere and headed by words and unit. `sheets`: tables in full, for a workbook alone.
    """

    title: str
    sections: Sequence[Section]
    lead: str = ""
    facts: Sequence[tuple[str, str]] = ()
    sources: Sequence[str] = ()
    sheets: Sequence[Table] = ()
    worded: bool = False
    say: Language = IN_ENGLISH

    @property
    def figures(self) -> list[Figure]:
        return [figure for section in self.sections for figure in section.figures]


@dataclass
class Sources:
    """Numbers sources in the order in which they are first referred to."""

    texts: list[str] = field(default_factory=list)

    def mark(self, text: str) -> str:
        """`[^3]`, the mark of that source; nothing where none is given."""
        if not text:
            return ""
        if text not in self.texts:
            self.texts.append(text)
        return f"[^{self.texts.index(text) + 1}]"


def paper_of(parts: Sequence[Part], figures: Iterable[Figure] = (), title: str = "planner") -> Paper:
    """A page of words as a paper, its figures after its first paragraphs; a heading at its head is its title, else `title` is."""
    head, *rest = parts or ("",)
    body = rest if isinstance(head, Heading) else list(parts)
    place = next((number for number, part in enumerate(body) if not isinstance(part, str) or not part), len(body))
    words = head.words if isinstance(head, Heading) else title
    return Paper(words, [Section("", [*body[:place], *figures, *body[place:]])], worded=True)


def paper_of_tables(tables: Sequence[Table]) -> Paper:
    """Tables of records as a paper."""
    return Paper(next((table.title for table in tables if table.title), "planner"), [Section("", tables)])
