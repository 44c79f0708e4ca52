"""What a page that waits is told of its job."""

from __future__ import annotations

from typing import Any

from planner.app.jobs import news
from planner.app.workers import Job
from planner.report.language import language


class One:
    """Workers with one job."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def look(self, id: str, seen: int = -1, wait_s: float = 0.0) -> Job:
        return self.job


def told(lang: str, **job: Any) -> str:
    words: str = news(One(Job("", "", print, (), **job)), "", -1, language(lang))["words"]  # type: ignore[arg-type]
    return words


def test_a_problem_is_not_told_twice() -> None:
    assert told("en", state="failed", problems=("the case has no site.",)) == "No answer."
