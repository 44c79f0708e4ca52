"""How training is laid out on each of several devices, and what a step then takes: searched and counted on all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from planner.domain.model_shape import ModelShape
from planner.performance import adapters
from planner.performance.counts import counts
from planner.performance.device import Device, side_by_side
from planner.performance.kept import Answers, Kept
from planner.performance.layout import Layout
from planner.performance.piecewise import at_once, each_of
from planner.performance.rates import rates_of
from planner.performance.search import FREE, Choice, Pins, fastest_on
from planner.performance.step_time import Rates, compute_seconds, step_seconds
from planner.performance.work import ORDINARY, Method

LAYOUT_YEAR = 2025.0
"""Layouts are chosen at the rates of this year, so that a year changes speed and never the layout."""

OVERFLOW = 1.5
"""How far a pinned layout may pass the estimated memory: estimates of activations are that uncertain."""

CHOICES = Answers[tuple[Device, Rates], Choice | None]()


class Question(NamedTuple):
    """What is asked about a device."""

    shape: ModelShape
    devices: int
    precision: str
    year: float
    kept: Kept
    method: Method
    pins: Pins = FREE
    third_party: bool = False
    nic_gbps: float | None = None
    measured_tokens_per_s: float | None = None
    memory_factor: float = 1.0

    @property
    def pinned(self) -> bool:
        """Whether the layout is known rather than found."""
        return self.pins.tp is not None


def chosen(asked: Question, devices: Sequence[Device]) -> list[Choice | None]:
    """The layout on each device, at the rates of `LAYOUT_YEAR`. A pinned layout stands even where the memory estimate objects by a
    little; `fits` of the choice is then False.
    """
    planning = [rates_of(device, asked.precision, LAYOUT_YEAR, False, asked.kept) for device in devices]
    choices = _choices(asked, devices, planning)
    if not (asked.pins.tp or asked.pins.pp) or None not in choices:
        return choices
    wider = [device._replace(memory_bytes=OVERFLOW * device.memory_bytes) for device in devices]
    overflowing = [choice and choice._replace(fits=False) for choice in _choices(asked, wider, planning)]
    return [choice or other for choice, other in zip(choices, overflowing, strict=True)]


def _choices(asked: Question, devices: Sequence[Device], planning: Sequence[Rates]) -> list[Choice | None]:
    shape, count, pins, method, p = asked.shape, asked.devices, asked.pins, asked.method, asked.kept.parameters.adapters

    def search(missing: Sequence[tuple[Device, Rates]]) -> list[Choice | None]:
        on, rates = [device for device, _ in missing], [r for _, r in missing]
        if method in ORDINARY:
            return adapters.choose_on(shape, on, count, rates, p, pins, method)
        return fastest_on(shape, on, count, rates, pins, method)

    return CHOICES.of((shape, count, pins, method, p), tuple(zip(devices, planning, strict=True)), search)


class Step(NamedTuple):
    """Tokens of an optimiser step, its seconds, and the seconds in which kernels are busy."""

    tokens: float
    seconds: float
    busy: float


def steps(asked: Question, laid_out: Sequence[tuple[Device, Layout]]) -> list[Step]:
    """The step of each device under its layout, in the year asked for."""
    untuned = asked.third_party or asked.method in ORDINARY
    rates = [rates_of(device, asked.precision, asked.year, untuned, asked.kept) for device, _ in laid_out]
    if asked.method in ORDINARY:
        return _ordinary_steps(asked, laid_out, rates)
    counted: dict[int, Step] = {}
    for shard in {layout.shard for _, layout in laid_out}:
        places = [place for place, (_, layout) in enumerate(laid_out) if layout.shard == shard]
        some = [laid_out[place] for place in places]
        counted.update(zip(places, _steps(asked, some, [rates[place] for place in places]), strict=True))
    return [counted[place] for place in range(len(laid_out))]


def _ordinary_steps(asked: Question, laid_out: Sequence[tuple[Device, Layout]], rates: Sequence[Rates]) -> list[Step]:
    each = [(device, r, layout) for (device, layout), r in zip(laid_out, rates, strict=True)]
    took = adapters.seconds_on(asked.shape, each, asked.kept.parameters.adapters, asked.method)
    return [
        Step(layout.sequences * asked.shape.seq_len, seconds.step, layout.micro_batches * seconds.kernels)
        for (_, layout), seconds in zip(laid_out, took, strict=True)
    ]


def _steps(asked: Question, laid_out: Sequence[tuple[Device, Layout]], rates: Sequence[Rates]) -> Iterator[Step]:
    """Steps of layouts of one sharding, counted at once."""
    which = np.arange(len(laid_out))
    device, layout = side_by_side([d for d, _ in laid_out], which), at_once([each for _, each in laid_out], which)
    c, r = counts(asked.shape, device, layout, asked.method), at_once(rates, which)
    columns = c.tokens, step_seconds(c, r), compute_seconds(c, r)
    return map(Step, *(each_of(column, len(laid_out)) for column in columns))
