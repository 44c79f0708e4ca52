"""`planner train-time`: how long, on what, at what cost, and may I use it?"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.options import (
    AcceleratorsOption,
    ActiveParamsOption,
    CalibrateOption,
    EverythingOption,
    FfnOption,
    HeadsOption,
    HiddenOption,
    KvHeadsOption,
    LayersOption,
    ModelOption,
    SiteOption,
    ToOption,
    UsExposureOption,
    VocabOption,
    day_of,
)
from planner.cli.output import Format, FormatOption, JsonOption, OutputOption, chosen, emit, put, show

if TYPE_CHECKING:
    from planner.training.question import TrainQuestion
    from planner.training.record import TrainTime

EXAMPLE = """\
planner train-time --params-b 7 --tokens-b 200 --accelerator huawei_ascend_910b2 --accelerator nvidia_h800_sxm --count 64
planner train-time --model llama3-70b --tokens-b 20 --method continued --count 128 --data-class personal_hk --by 2027-06-30
planner train-time --model llama3-70b --tokens-b 0.05 --method qlora --accelerator nvidia_rtx_4090 --count 2
planner train-time --params-b 13 --tokens-b 5 --method lora --budget-hkd 500000 --justify request.html
planner train-time --budget-hkd 2000000 --site aisc --by 2027-12-31
planner train-time --cases measured.csv --json"""


class MethodChoice(StrEnum):
    """What is done to the model."""

    PRETRAIN = "pretrain"
    CONTINUED = "continued"
    FULL = "full"
    LORA = "lora"
    QLORA = "qlora"


class SureChoice(StrEnum):
    """How surely a date and a budget are kept."""

    P50 = "p50"
    P90 = "p90"


class RecomputeChoice(StrEnum):
    """What is computed again in the backward pass."""

    NONE = "none"
    SELECTIVE = "selective"
    FULL = "full"


def train_time(
    params_b: Annotated[float | None, typer.Option(help="Parameters, billions.", show_default=False)] = None,
    active_params_b: ActiveParamsOption = None,
    tokens_b: Annotated[float | None, typer.Option(help="Training tokens, billions.", show_default=False)] = None,
    model: ModelOption = None,
    layers: LayersOption = None,
    hidden: HiddenOption = None,
    heads: HeadsOption = None,
    kv_heads: KvHeadsOption = None,
    ffn: FfnOption = None,
    vocab: VocabOption = None,
    seq_len: Annotated[int | None, typer.Option(help="Sequence length, tokens.", show_default="4096")] = None,
    sample_tokens: Annotated[
        int | None, typer.Option(help="Mean tokens of a sample, where samples are not packed.", show_default=False)
    ] = None,
    batch_tokens: Annotated[
        float | None,
        typer.Option(
            help="Global batch, tokens.",
            show_default="4 M, more above 1,024 devices; 262,144 or less in fine-tuning, for a hundred steps",
        ),
    ] = None,
    accelerator: AcceleratorsOption = None,
    site: SiteOption = None,
    to: ToOption = "HK",
    count: Annotated[
        int | None, typer.Option(help="Number of devices.", show_default="64; 8 for LoRA and QLoRA")
    ] = None,
    precision: Annotated[str, typer.Option(help="bf16, fp16, fp8, int8 or fp4.")] = "bf16",
    method: Annotated[MethodChoice, typer.Option(help="What is done to the model.")] = MethodChoice.PRETRAIN,
    tuned: Annotated[
        bool | None,
        typer.Option(
            "--tuned/--no-tuned",
            help="Whether the stack is tuned for this job; else vendors' for pretraining, ordinary for LoRA and QLoRA.",
            show_default=False,
        ),
    ] = None,
    tp: Annotated[int | None, typer.Option(help="Tensor parallelism.", show_default="chosen")] = None,
    pp: Annotated[int | None, typer.Option(help="Pipeline parallelism.", show_default="chosen")] = None,
    ep: Annotated[int | None, typer.Option(help="Expert parallelism.", show_default="chosen")] = None,
    micro_batch: Annotated[int | None, typer.Option(help="Sequences per micro-batch.", show_default="chosen")] = None,
    recompute: Annotated[
        RecomputeChoice | None, typer.Option(help="Activations computed again.", show_default="chosen")
    ] = None,
    tokens_per_second: Annotated[
        float | None, typer.Option(help="Measured, per device, steady; beats the model.", show_default=False)
    ] = None,
    calibrate: CalibrateOption = None,
    start: Annotated[str | None, typer.Option(help="First day, ISO date.", show_default="today")] = None,
    by: Annotated[
        str | None, typer.Option(help="Finish by this day: how many devices does it take?", show_default=False)
    ] = None,
    budget_hkd: Annotated[
        float | None,
        typer.Option(help="HKD: what is the most it can train? Without tokens: of each family.", show_default=False),
    ] = None,
    sure: Annotated[
        SureChoice, typer.Option(help="Keep date and budget as likely as not (p50), or in nine cases of ten (p90).")
    ] = SureChoice.P50,
    data_class: Annotated[str | None, typer.Option(help="Class of the training data.", show_default=False)] = None,
    us_exposure: UsExposureOption = False,
    licence_wait_months: Annotated[
        float | None, typer.Option(help="Months to wait where a licence is needed.", show_default=False)
    ] = None,
    justify: Annotated[
        Path | None, typer.Option(help="Write a page for a compute request: FILE.md or FILE.html.", show_default=False)
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option(help="Answer each row of a CSV with the columns of published cases.", show_default=False),
    ] = None,
    everything: EverythingOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Say how long a training takes on each option, with p10, p50, p90, what it costs, and whether it may be used.

    The answer in words, with what was assumed, then the options: rented, subsidised, bought into colocation, on the
    mainland or abroad. One is CHOSEN, the others say why not. --json and --format csv have every figure.
    """
    form = chosen(format, as_json=as_json, output=output)
    if cases is not None:
        _cases(cases, form, output)
        return
    from planner.training.train_time import ANY_B, question, records_of

    sizes = (layers, hidden, heads, kv_heads, ffn, vocab)
    dimensions = dict(zip(("layers", "hidden", "heads", "kv_heads", "ffn", "vocab"), sizes, strict=True))
    open_tokens = tokens_b is None and budget_hkd is not None
    posed = question(
        tokens_b=1.0 if open_tokens else _needed(tokens_b),
        model=model,
        params_b=params_b if model or params_b or not open_tokens else ANY_B,
        active_params_b=active_params_b,
        dimensions=dimensions,
        seq_len=seq_len,
        count=count,
        precision=precision,
        method=method.value,
        tuned=tuned,
        sample_tokens=sample_tokens,
        batch_tokens=batch_tokens,
        tp=tp,
        pp=pp,
        ep=ep,
        micro_batch=micro_batch,
        recompute=recompute.value if recompute else None,
        tokens_per_second=tokens_per_second,
        calibrate=calibrate,
        start=day_of(start, "--start"),
        by=day_of(by, "--by"),
        budget_hkd=budget_hkd,
        sure=sure.value,
        site=site,
        to=to,
        data_class=data_class,
        us_exposed=us_exposure,
        licence_wait_months=licence_wait_months,
    )
    if open_tokens:
        named = bool(model or params_b)
        alone = "--justify" if justify else "--tokens-per-second" if tokens_per_second and not named else ""
        _check_open(alone, somewhere=bool(named or accelerator or site))
        shown: dict[str, Any] = {"everything": everything, "form": form, "output": output}
        _families(posed, accelerator or (), count, seq_len, named=named, **shown)
        return
    records = records_of(posed, accelerator or ())
    if justify is not None:
        _justify(justify, records, posed)
    _options(records, posed, accelerator or (), everything=everything, form=form, output=output)


def _options(
    records: Sequence[TrainTime],
    asked: TrainQuestion,
    ids: Sequence[str],
    *,
    everything: bool,
    form: Format,
    output: Path | None,
) -> None:
    from planner.cli.train_time_tables import options_tables
    from planner.figures.options import train_figures
    from planner.report.train_time import train_screen

    page = train_screen(records, asked, ids, everything=everything)
    plain = [record.plain() for record in records]
    shown: dict[str, Any] = {"form": form, "output": output, "table": options_tables(records), **_envelope()}
    show(page, plain, figures=lambda: train_figures(records), **shown)


def _families(
    asked: TrainQuestion, ids: Sequence[str], count: int | None, seq_len: int | None, *, named: bool, everything: bool,
    form: Format, output: Path | None,
) -> None:  # fmt: skip
    from planner.cli.train_time_tables import families_table
    from planner.report.train_families import families_screen
    from planner.training.families import families, largest_of_each, obstacles

    models = largest_of_each(asked, ids, families(asked.shape if named else None, seq_len), count)
    against = {} if models else obstacles(asked, ids)
    page = families_screen(models, asked, against, named=named, everything=everything)
    plain = [each.plain() for each in models]
    show(page, plain, form=form, output=output, table=families_table(models), **_envelope())


def _check_open(alone: str, *, somewhere: bool) -> None:
    """UsageError when a question without tokens is about no place, or with what belongs to one job."""
    from planner.errors import UsageError

    if alone:
        raise UsageError(f"{alone} belongs to one job; say what is trained: --tokens-b 100.")
    if not somewhere:
        raise UsageError("where? Add --site aisc or --accelerator ID, or say what is trained: --tokens-b 100.")


def _cases(path: Path, form: Format, output: Path | None) -> None:
    from planner.cli.train_time_tables import cases_table
    from planner.training.cases import answer_cases

    rows = answer_cases(path)
    emit([row.plain() for row in rows], format=form, output=output, table=cases_table(rows), **_envelope())


def _envelope() -> dict[str, Any]:
    from planner.intake.catalogue import performance_parameters

    return {"schema": "planner.train-time/1", "data_as_of": performance_parameters().as_of}


def _needed(tokens_b: float | None) -> float:
    from planner.errors import UsageError

    if tokens_b is None:
        raise UsageError("how many tokens? Write --tokens-b 100, or --cases FILE.csv for many questions.")
    return tokens_b


def _justify(path: Path, records: list[TrainTime], asked: TrainQuestion) -> None:
    from planner.papers.compute_request import compute_request
    from planner.papers.writers import write

    put(write(compute_request(records, asked), chosen(None, output=path)), path)
