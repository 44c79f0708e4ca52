"""HOW FAST IT RUNS: work, memory, layout, utilisation, communication, goodput, time to train, performance tax.

One model answers the plan (`speed(...).useful_pflops`) and the time-to-train, so the two cannot disagree. The reading order:

    work, memory, layout          what a step computes, holds, and how it is spread
    device, rates                 what a device offers and what its stack achieves of it
    counts, step_time             one step: quantities, then seconds
    search, laid_out, speed       the fastest layout that fits, on several devices at once; tokens per second, MFU, useful PFLOP/s
    piecewise, kept               many layouts and devices as arrays; answers that are kept
    goodput, estimate, tax        failures; days and accelerator-hours with their band; what embargoed hardware costs
    guess, cases                  shapes from a parameter count; tables of cases
    serving_step, copies, serving answers to requests: one step and one prompt, then batch, copy and limits of latency
    encode                        what writes no tokens: pictures, speech, histories
    service, workload_speed       a workload as plans ask for it

Decision: no parameter per model or per run. What differs between two models is their dimensions; between two devices their
data sheet, their stack, and a chip term that is shrunk to zero. Fitted parameters live in data/performance.yaml.
"""

from planner.performance.estimate import accelerator_hours, days, throughput
from planner.performance.guess import guess
from planner.performance.search import Pins
from planner.performance.service import busy_pflops
from planner.performance.speed import Speed, fits, speed
from planner.performance.tax import Tax, performance_tax
from planner.performance.workload_speed import reference_pflops, workload_speed, workload_speeds

__all__ = [
    "Pins",
    "Speed",
    "Tax",
    "accelerator_hours",
    "busy_pflops",
    "days",
    "fits",
    "guess",
    "performance_tax",
    "reference_pflops",
    "speed",
    "throughput",
    "workload_speed",
    "workload_speeds",
]  # fmt: skip
