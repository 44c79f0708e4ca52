"""A paper as Markdown: its words and tables, and of each figure what it shows and finds."""

from __future__ import annotations

from planner.cells import visible
from planner.figures.figure import Figure
from planner.papers.paper import Paper, PaperPart
from planner.report.tables import Heading, Table, pipes


def markdown(paper: Paper) -> str:
    """The whole text."""
    blocks = [f"# {visible(paper.title)}", visible(paper.lead)]
    blocks.append("\n".join(f"- {label}: **{value}**" for label, value in paper.facts))
    for section in paper.sections:
        blocks.append(section.heading and f"## {section.heading}")
        blocks += _joined([_part(part, paper) for part in section.parts])
    blocks.append("\n".join(f"[^{number}]: {visible(source)}" for number, source in enumerate(paper.sources, 1)))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _part(part: PaperPart, paper: Paper) -> str:
    if isinstance(part, Figure):
        return "\n\n".join(filter(None, (f"**{visible(part.title)}** {visible(part.alt)}", visible(part.note))))
    if isinstance(part, Table):
        return pipes(part, heads=part.columns if paper.worded else list(map(paper.say.heading, part.columns)))
    if isinstance(part, Heading):
        return f"### {visible(part.words)}"
    return visible(part).strip()


def _joined(blocks: list[str]) -> list[str]:
    """Neighbouring items of a list in one block."""
    joined: list[str] = []
    for block in blocks:
        if joined and block.startswith("- ") and joined[-1].startswith("- "):
            joined[-1] += f"\n{block}"
        else:
            joined.append(block)
    return joined
