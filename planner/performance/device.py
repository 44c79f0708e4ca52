"""A device as the performance model sees it: rates in units per second, and the network around it.

peak      FLOP/s, dense, of the matrix engine at BF16 (FP16 where BF16 is missing)
speedup   peak at the training precision over `peak`; attention and output layer stay at `peak`
link      bytes/s one way inside the scale-up domain (catalogue figures are both ways, hence half)
nic       bytes/s one way per device between domains
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from planner.performance.piecewise import at_once


class Device(NamedTuple):
    """The numbers of one accelerator at one precision."""

    peak: float
    speedup: float
    memory_bytes: float
    memory_bandwidth: float
    link: float
    nic: float
    domain: int
    achievable: float
    stack: str
    name: str
    released: float


def side_by_side(devices: Sequence[Device], which: Any) -> Device:
    """The numbers of `devices[which[0]]`, `devices[which[1]]` and so on as arrays: what is counted asks for no names."""
    return at_once([device._replace(stack="", name="") for device in devices], which)
