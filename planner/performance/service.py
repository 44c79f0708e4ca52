"""A workload of kind service as the serving model sees it, and its load in the program's unit.

    a request     2 · N_active · ( tokens_in · (1 − cached) + tokens_out )    model FLOP: products with weights, attention not counted
    load          requests/s of the busy hour · a request, PFLOP/s
    useful        requests/s that one device serves · a request, PFLOP/s

So devices = load / useful = requests/s asked / requests/s served, whatever a request is counted as: FLOP cancel. An encoder
writes nothing: a request is one pass over its input. What a device serves is the same number in plans and in `planner serve`.

    inference_llm, slm, …    text decoder: prompt and answer, fitted (docs/serving_accuracy.md)
    vision, speech           encoder: one pass at the rate at which prompts are read; judgement
    recommender              the same where `tokens_in` says that a transformer ranks a history; else as measured
    hpc_ai                   as measured
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from planner.domain.accelerator import Accelerator
from planner.domain.model_name import named
from planner.domain.model_shape import NAMELESS, ModelShape
from planner.domain.speed_parameters import Band, SpeedParameters
from planner.domain.workload import DEFAULT_SEQ_LEN, Workload
from planner.errors import InvalidInput
from planner.performance.copies import Wish
from planner.performance.encode import encode_on
from planner.performance.guess import guess, known_mixture
from planner.performance.serving import Served, serve_on
from planner.performance.serving_step import Load
from planner.performance.speed import Speed
from planner.units import FLOP_PER_PFLOP

ENCODER_NOTE = "encoders are not measured: they are taken to reach what a prompt reaches"


def workload_shape(workload: Workload, models: Mapping[str, ModelShape]) -> ModelShape:
    """The shape of its model: as stated, or of the catalogue by name or by the two counts of a mixture, else guessed from one."""
    if workload.params_b is not None:
        counts = workload.params_b, workload.active_params_b, workload.seq_len or DEFAULT_SEQ_LEN
        return known_mixture(*counts, models) or guess(*counts)
    shape = _stated(workload) or named(workload.model or "", models)
    return shape if workload.seq_len is None else _as_long(shape, workload.seq_len)


@lru_cache(maxsize=1_024)
def _as_long(shape: ModelShape, seq_len: int) -> ModelShape:
    """The shape at sequences of so many tokens: one and the same for all who ask, so that answers kept by it are found at once."""
    return shape.model_copy(update={"seq_len": seq_len})


def _stated(workload: Workload) -> ModelShape | None:
    """The dimensions that the workload gives, under its own name where they have none."""
    shape = workload.shape
    return shape.model_copy(update={"name": workload.name}) if shape and shape.name == NAMELESS else shape


def short_forms(workloads: Iterable[Workload]) -> tuple[str, ...]:
    """A sentence on what is assumed of services that are asked for in PFLOP/s and do not state how they are used."""
    names = [
        w.id
        for w in workloads
        if w.kind == "service"
        and w.done == "inference"
        and not w.encodes
        and w.demand_pflops
        and not w.measured_pflops_per_device
    ]
    silent = ", ".join(f"workloads.{name}" for name in names)
    said = (
        "Services asked for by demand_pflops read three tokens of a prompt for each that they write (of seq_len) where tokens_in and tokens_out do "
        "not say, keep no limit of latency where tpot_ms and ttft_s do not, and are as busy all day as in the busy hour where peak_over_mean does not"
    )
    return (f"{said}: {silent}.",) if names else ()


def load_of(workload: Workload) -> Load:
    """Mean lengths of its requests."""
    tokens_in, tokens_out = workload.lengths
    return Load(tokens_in, tokens_out, workload.cached_share)


def request_flop(shape: ModelShape, load: Load) -> float:
    """Model FLOP of a request."""
    return 2.0 * shape.active_matrix_parameters * (load.new + load.tokens_out)


def busy_pflops(workload: Workload, models: Mapping[str, ModelShape]) -> float:
    """Useful PFLOP/s asked in the busy hour of the first period of a service."""
    if workload.demand_pflops is not None:
        return workload.demand_pflops.mid
    load = load_of(workload)
    if workload.requests_per_s is not None:
        requests = workload.requests_per_s.mid
    else:
        assert workload.output_tokens_per_s is not None
        requests = workload.output_tokens_per_s.mid / load.tokens_out
    return requests * request_flop(workload_shape(workload, models), load) / FLOP_PER_PFLOP


def wish_of(workload: Workload) -> Wish:
    """How it is to be served."""
    return Wish(
        load=load_of(workload),
        precision=workload.precision,
        weights=workload.weight_precision,
        cache=workload.kv_precision,
        tpot_ms=workload.tpot_ms,
        ttft_s=workload.ttft_s,
        tuned=workload.engine_tuned,
        apart=workload.prompts_apart,
    )


def service_speeds(
    workload: Workload, shape: ModelShape, accelerators: Sequence[Accelerator], parameters: SpeedParameters
) -> list[Speed | InvalidInput]:
    """Speed of one device of each accelerator; InvalidInput where it lacks a published figure."""
    if workload.workload_class == "hpc_ai" or (workload.workload_class == "recommender" and workload.tokens_in is None):
        why = f"{workload.workload_class} is served as measured, and was not measured on "
        return [Speed(False, why + each.id, 1, 0.0, 0.0) for each in accelerators]
    wish = wish_of(workload)
    copies = (encode_on if workload.encodes else serve_on)(shape, accelerators, wish, parameters)
    notes = (ENCODER_NOTE,) if workload.encodes else ()
    return [copy if isinstance(copy, InvalidInput) else _speed(copy, shape, wish.load, notes) for copy in copies]


def _speed(copy: Served, shape: ModelShape, load: Load, notes: tuple[str, ...]) -> Speed:
    flop = 2.0 * shape.active_matrix_parameters
    if not copy.fits:
        return Speed(False, copy.reason, 1, 0.0, flop)
    peak = copy.peak / FLOP_PER_PFLOP
    share = copy.requests_per_s * request_flop(shape, load) / copy.peak
    band = Band(p10=copy.band.p10, p90=copy.band.p90)
    return Speed(
        True, "", 1, peak, flop, tokens_per_s_per_device=copy.output_tokens_per_s, mfu=share, kernels=share, band=band, notes=notes
    )  # fmt: skip
