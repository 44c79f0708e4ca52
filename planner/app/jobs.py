"""How far a job is: told to a page that waits, and its answer to one that has waited.

A page asks by a callback that submits a job and puts `begun` into its store. The script of the page then follows the job
by `/job/ID`, shows its words, and sets the store of ended jobs, whose callback draws the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.app.work.files import Made
from planner.app.workers import Job, Workers
from planner.figures.figure import Figure
from planner.report.language import Language

WAIT_S = 15.0
"""How long a browser waits for news before it asks again."""

PROGRESS = (
    "{solver} solves {case}: {columns} columns, {rows} rows",
    "solved in {seconds} s; auditing {case}",
    "business as usual, under the law in force and in every scenario",
    "carrying out {bid}",
    "choosing the best set of bids",
    "building the tree of scenarios",
    "planning for each future, and for all",
    "moving the reveal later",
)
"""Sentences in which works tell what they are doing."""


def begun(page: str, id: str, lang: str) -> dict[str, str]:
    """What a page holds of a job it has asked for: its parts `PAGE-status` and `PAGE-cancel` are kept up to date."""
    return {"page": page, "id": id, "lang": lang}


def news(workers: Workers, id: str, seen: int, say: Language) -> dict[str, Any]:
    """How far the job is, once that has changed since `seen`."""
    job = workers.look(id, seen, WAIT_S)
    if job is None:
        return {"state": "failed", "ended": True, "words": say("This question is not known here any more; ask again.")}
    return {
        "state": job.state, "ended": job.ended, "seen": job.seen, "words": _words(job, say),
    }  # fmt: skip


def ended(workers: Workers, asked: Mapping[str, Any] | None) -> Job | None:
    """The job that a page has followed to its end, where it has an answer or problems."""
    job = workers.look(asked["id"]) if asked else None
    return job if job is not None and job.state in ("done", "failed") else None


def figure_of(workers: Workers, id: str, name: str) -> Figure | None:
    """A figure of the answer of a job; answers hold theirs by name."""
    job = workers.look(id)
    figure: Figure | None = getattr(job.answer, "figures", {}).get(name) if job else None
    return figure


def file_of(workers: Workers, id: str) -> Made | None:
    """The file that a job has made."""
    job = workers.look(id)
    return job.answer if job and isinstance(job.answer, Made) else None


def _words(job: Job, say: Language) -> str:
    match job.state:
        case "done":
            seconds = f"{job.took_s:.1f}"
            return say("Answered at once.") if float(seconds) == 0 else say("Answered in {seconds} s.", seconds=seconds)
        case "failed":
            return say("No answer.")
        case "cancelled":
            return say("Cancelled; what is shown is the last answer.")
        case "waiting":
            return say("Waiting for a free process …")
        case _:
            return _estimate(job, say) or say.again(job.said, PROGRESS) or say("Working …")


def _estimate(job: Job, say: Language) -> str:
    """What the prices of the last plan say of the one that is being made."""
    after, before = job.parts.get("estimate_hkd"), job.parts.get("last_hkd")
    if after is None or before is None:
        return ""
    change = f"{'+' if after > before else ''}{say.money(after - before)}"
    return say(
        "Estimate by the last plan's prices: {hkd} in all ({change}). Planning …", hkd=say.money(after), change=change
    )
