"""Goodput: the share of wall-clock time that advances the training, after failures, restarts and checkpoints.

    M   = 1000 / (λ · nodes) days          mean time between interruptions of the whole job
    τ*  = sqrt(2 δ M)                      checkpoint interval (Young 1974, Daly 2006)
    1 − goodput = δ/τ + τ/(2 M) + R/M      checkpoints, work lost since the last one, restart

λ: interruptions per 1,000 node-days; δ: pause of a checkpoint; R: time to detect, replace and restore.
"""

from __future__ import annotations

from math import sqrt

from planner.domain.speed_parameters import Reliability
from planner.units import SECONDS_PER_DAY

WORST = 0.2
"""Below this share the formula no longer holds: failures come faster than checkpoints."""


def interruption_interval_s(devices: int, r: Reliability) -> float:
    """Mean time between interruptions of a job on `devices` devices, seconds."""
    nodes = max(1.0, devices / r.devices_per_node)
    return 1000 / (r.failures_per_1000_node_days * nodes) * SECONDS_PER_DAY


def checkpoint_interval_s(devices: int, r: Reliability) -> float:
    """Best time between checkpoints, seconds."""
    return sqrt(2 * r.checkpoint_s * interruption_interval_s(devices, r))


def goodput(devices: int, r: Reliability) -> float:
    """Share of wall-clock time that advances the training."""
    between = interruption_interval_s(devices, r)
    interval = checkpoint_interval_s(devices, r)
    lost = r.checkpoint_s / interval + interval / (2 * between) + r.restart_s / between
    return max(WORST, 1 - lost)
