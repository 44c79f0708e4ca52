"""Processes that work for a page: answers, words on the way, problems, cancels, crashes, and who goes first."""

from __future__ import annotations

import time
from collections.abc import Iterator

import page_jobs
import pytest

from planner.app.workers import CRASHED, Job, Workers

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = Workers(2)
    yield made
    made.close()


def ended(workers: Workers, id: str, seconds: float = 20.0) -> Job:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = workers.look(id, 10**6, 0.1)
        assert job is not None
        if job.ended:
            return job
    raise AssertionError("not ended")


def test_a_job_has_words_parts_and_an_answer(workers: Workers) -> None:
    job = ended(workers, workers.submit("one", "", page_jobs.add, 2, 3))
    assert (job.state, job.answer, job.said, job.parts, job.problems) == (
        "done",
        5,
        "adding 2 and 3",
        {"estimate": 2},
        (),
    )


def test_problems_are_told_as_the_command_line_does(workers: Workers) -> None:
    job = ended(workers, workers.submit("one", "", page_jobs.wrong))
    assert (job.state, job.problems) == ("failed", ("case.yaml:3:1: this is wrong. Right it.", "that too."))
    assert ended(workers, workers.submit("one", "", page_jobs.broken)).problems == (
        "internal error: ZeroDivisionError: of ours",
    )


def test_a_process_that_dies_takes_its_job_alone(workers: Workers) -> None:
    other = workers.submit("other", "", page_jobs.sleep, 0.5)
    job = ended(workers, workers.submit("one", "", page_jobs.die))
    assert (job.state, job.problems) == ("failed", (CRASHED,))
    assert ended(workers, other).state == "done"
    assert ended(workers, workers.submit("one", "", page_jobs.add, 1, 1)).answer == 2


def test_a_cancel_ends_at_once_and_frees_the_process(workers: Workers) -> None:
    id = workers.submit("one", "", page_jobs.sleep, 60.0)
    while (job := workers.look(id)) is not None and job.said != "asleep":
        time.sleep(0.02)
    workers.cancel(id)
    assert ended(workers, id, 1.0).state == "cancelled"
    answers = [ended(workers, workers.submit(name, "", page_jobs.sleep, 0.3)) for name in ("one", "two")]
    assert [answer.state for answer in answers] == ["done", "done"]


def test_a_newer_question_of_a_session_takes_the_place_of_an_older_one(workers: Workers) -> None:
    busy = [workers.submit(f"busy {place}", "", page_jobs.sleep, 0.7) for place in range(2)]
    first, other = workers.submit("one", "", page_jobs.add, 1, 1), workers.submit("other", "", page_jobs.add, 2, 2)
    second = workers.submit("one", "", page_jobs.add, 3, 3)
    assert ended(workers, first).state == "cancelled"
    assert (ended(workers, second).answer, ended(workers, other).answer) == (6, 4)
    assert {ended(workers, id).state for id in busy} == {"done"}


def test_who_knows_a_case_is_asked_about_it(workers: Workers) -> None:
    first = ended(workers, workers.submit("one", "hong kong", page_jobs.who)).answer
    again = [ended(workers, workers.submit(f"user {place}", "hong kong", page_jobs.who)).answer for place in range(6)]
    assert set(again) == {first}
    assert workers.look("no such job") is None


def test_who_answered_last_is_asked_again(workers: Workers) -> None:
    pids: list[int] = []
    # A process may still be at what an earlier test has dropped.
    while len(set(pids)) < 2:
        busy = [workers.submit(f"other {place}", "here", page_jobs.sleep, 0.3) for place in range(2)]
        pids = [ended(workers, id).answer for id in busy]
    # Both know the case; what was answered last stands in one of them.
    for place in (0, 1, 0, 1, 1, 0):
        assert ended(workers, workers.submit(f"other {place}", "here", page_jobs.who)).answer == pids[place]
