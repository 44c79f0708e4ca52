"""What all nouns share: they are frozen, refuse unknown keys, and carry unit and meaning of every field.

A noun is a pydantic model, and at once the schema of the YAML that describes it: field names, bounds, defaults and
meanings exist here and nowhere else. `planner schema`, `planner fields` and the checks of the intake read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="lower snake case")]
Assumed = bool | Annotated[float, Field(ge=-1e33, le=1e33)] | str
"""A fact of a transaction; the largest are operations of a training run."""
Confidence = Literal["sourced", "high", "medium", "low", "mixed", "derived", "recalled", "estimate", "assumed"]


class Noun(BaseModel):
    """A frozen thing of the planner's world."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's, less what this noun has worked out and kept: a changed copy works it out anew."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied

    def __getstate__(self) -> dict[Any, Any]:
        """As pydantic's, less the same: another process works it out anew."""
        fields = type(self).model_fields
        stated = {name: value for name, value in self.__dict__.items() if name in fields}
        return {**super().__getstate__(), "__dict__": stated}


def first_fault(error: ValidationError) -> str:
    """What is wrong first with what planner itself has written, and where."""
    wrong = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}"


class Range(Noun):
    """An uncertain number: low, mid, high. A plan uses `mid`; sweeps use all three.

    A plain number is all three at once. The field that holds it gives its bounds.
    """

    low: float
    mid: float
    high: float

    # So that the bounds of a field, `Field(ge=0, le=1)`, hold for all of its range.
    def __ge__(self, bound: float) -> bool:
        return self.low >= bound

    def __gt__(self, bound: float) -> bool:
        return self.low > bound

    def __le__(self, bound: float) -> bool:
        return self.high <= bound

    def __lt__(self, bound: float) -> bool:
        return self.high < bound

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, value: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"low": value, "mid": value, "high": value}
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if not self.low <= self.mid <= self.high:
            raise ValueError(f"low, mid and high must rise: {self.low}, {self.mid}, {self.high}; put them in order")
        return self
