"""How far what is bought and rented may go either way at hardly more cost."""

from __future__ import annotations

from planner.figures.figure import Figure
from planner.figures.shapes import Band, band_rows
from planner.figures.style import PALETTE, REST, cut, whole
from planner.report.tables import Table
from planner.report.words import percent
from planner.study.alternatives import Alternatives, Span

MOST = 24
COLOURS = {"always": PALETTE[0], "sometimes": PALETTE[1], "never": REST}
KINDS = {"buy": "bought", "rent": "rented, on average"}


def alternatives_figures(answer: Alternatives) -> list[Figure]:
    """Devices bought and rented, from the least to the most over all near-optimal plans, a figure each."""
    return [figure for subject in KINDS for figure in _figure(answer, subject)]


def _figure(answer: Alternatives, subject: str) -> list[Figure]:
    spans = [span for span in answer.spans if span.subject == subject and span.verdict != "never"]
    if not spans:
        return []
    shown = sorted(spans, key=lambda span: (span.verdict != "always", -span.most, span.name))[:MOST]
    bands = [Band(cut(s.name, 34), s.least, s.optimum, s.most, COLOURS[s.verdict], _words(s)) for s in shown]
    traces, layout, height = band_rows(bands, f"devices {KINDS[subject]}")
    certain = [span.name for span in spans if span.verdict == "always"]
    within = percent(answer.slack)
    taken = KINDS[subject].split(",")[0]
    title = (
        f"Within {within} of the least cost {len(certain)} of {len(spans)} devices that some plan has {taken} are always {taken}"
        + ("." if len(certain) == len(spans) else "; the others are a matter of taste.")
    )
    alt = f"Bands for {len(shown)} devices from the least to the most that near-optimal plans take, with a dot at the optimum."
    records = [{"device": s.name, "verdict": s.verdict, "least_devices": s.least, "optimum_devices": s.optimum, "most_devices": s.most} for s in spans]  # fmt: skip
    note = "Blue: in every near-optimal plan; orange: in some. The dot is the optimum."
    return [Figure(f"{subject}_range", title, alt, traces, layout, Table.of(records), note=note, height=height)]


def _words(span: Span) -> str:
    return f"{whole(span.least)} to {whole(span.most)}"
