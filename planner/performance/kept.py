"""Answers about several devices: kept, with what they hang on in a form that may be kept, and none where a figure is not published."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from planner.domain.speed_parameters import SpeedParameters
from planner.errors import InvalidInput

Subject = TypeVar("Subject", bound=Hashable)
Answer = TypeVar("Answer")
ANSWERS_MAX = 20_000


class Kept:
    """Parameters that compare by identity, so that answers can be kept."""

    def __init__(self, parameters: SpeedParameters) -> None:
        self.parameters = parameters

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and self.parameters is other.parameters

    def __hash__(self) -> int:
        return id(self.parameters)


class Answers(Generic[Subject, Answer]):
    """Answers to a question about several subjects, each worked out once, and together where several are missing."""

    def __init__(self) -> None:
        self._by_question: dict[Hashable, dict[Subject, Answer]] = {}
        self._kept = 0

    def of(
        self,
        question: Hashable,
        subjects: Sequence[Subject],
        work_out: Callable[[Sequence[Subject]], Iterable[Answer]],
    ) -> list[Answer]:
        """The answer about each subject. All are forgotten once they are too many."""
        if self._kept > ANSWERS_MAX:
            self.forget()
        known = self._by_question.setdefault(question, {})
        missing = [subject for subject in dict.fromkeys(subjects) if subject not in known]
        if missing:
            known.update(zip(missing, work_out(missing), strict=True))
            self._kept += len(missing)
        return [known[subject] for subject in subjects]

    def forget(self) -> None:
        """Keep nothing."""
        self._by_question, self._kept = {}, 0


def answered(work: Callable[[], Answer]) -> Answer | InvalidInput:
    """What the work gives, or which figure that it needs is not published: the others asked about have their answers."""
    try:
        return work()
    except InvalidInput as error:
        return error


def given(answer: Answer | InvalidInput) -> Answer:
    """The answer. Raises InvalidInput where a figure is not published."""
    if isinstance(answer, InvalidInput):
        raise InvalidInput(*answer.problems)
    return answer
