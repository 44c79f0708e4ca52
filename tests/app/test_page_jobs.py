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


def test_what_is_being_done_is_told_in_the_language_of_the_page() -> None:
    said = "HiGHS solves Test hall: 131,072 columns, 65,536 rows"
    assert told("en", state="running", said=said) == said
    assert told("zh-Hant-HK", state="running", said=said) == "HiGHS 求解中：Test hall，131,072 個變數、65,536 項約束……"
