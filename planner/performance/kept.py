"""What answers hang on, in a form that may be kept with them."""

from __future__ import annotations

from planner.domain.speed_parameters import SpeedParameters


class Kept:
    """Parameters that compare by identity, so that answers can be kept."""

    def __init__(self, parameters: SpeedParameters) -> None:
        self.parameters = parameters

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and self.parameters is other.parameters

    def __hash__(self) -> int:
        return id(self.parameters)
