"""Draws the pictures of README.md anew: `python .ci/pictures.py` in an environment with planner and Chromium."""

from __future__ import annotations

import sys
from pathlib import Path

from planner.intake import read_inputs
from planner.papers.browser import picture
from planner.papers.html import html
from planner.papers.paper import Paper, Section
from planner.papers.plan.plan_paper import plan_paper
from planner.plan.plan import make_plan
from planner.plan.stored import load

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
WIDTH, SUMMARY, LAW = 940, 1110, 1066


def main(folder: Path | None) -> None:
    """`folder`: of a saved plan of the Hong Kong case; else it is planned."""
    record = (
        load(folder).record if folder else make_plan(read_inputs(ROOT / "examples/hong_kong/case.yaml").case).record
    )
    paper = plan_paper(record)
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / "summary.png").write_bytes(picture(html(paper), WIDTH, SUMMARY))
    law = Paper("What may be bought, and when", [Section("", [f for f in paper.figures if f.name == "availability"])])
    (PICTURES / "law.png").write_bytes(picture(html(law), WIDTH, LAW))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
