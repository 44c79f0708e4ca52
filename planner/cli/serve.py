"""`planner serve`: how many devices does a service take, where, at what cost, and may I use them?"""

from __future__ import annotations

from collections.abc import Sequence
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
from planner.cli.output import FormatOption, JsonOption, OutputOption, chosen, show

if TYPE_CHECKING:
    from planner.report.tables import Table
    from planner.serving.option import Service

EXAMPLE = """\
planner serve --model Llama-3.1-70B --output-tokens-per-s 20000 --tokens-in 2000 --tokens-out 500 --tpot-ms 50 --on 2026-11-20
planner serve --model deepseek-v3 --requests-per-s 40 --tokens-in 3000 --tokens-out 800 --data-class personal_hk --precision fp8 --to CN
planner serve --model qwen3-32b --budget-hkd 500000 --tokens-in 1000 --tokens-out 400 --calibrate measured.csv --json"""


def serve(
    tokens_in: Annotated[float, typer.Option(help="Tokens of a prompt, mean.", show_default=False)],
    tokens_out: Annotated[float, typer.Option(help="Tokens of an answer, mean.", show_default=False)],
    model: ModelOption = None,
    params_b: Annotated[float | None, typer.Option(help="Parameters of another, billions.", show_default=False)] = None,
    active_params_b: ActiveParamsOption = None,
    layers: LayersOption = None,
    hidden: HiddenOption = None,
    heads: HeadsOption = None,
    kv_heads: KvHeadsOption = None,
    ffn: FfnOption = None,
    vocab: VocabOption = None,
    output_tokens_per_s: Annotated[
        float | None, typer.Option(help="Tokens of answers per second in the busy hour.", show_default=False)
    ] = None,
    requests_per_s: Annotated[
        float | None, typer.Option(help="Or requests per second in the busy hour.", show_default=False)
    ] = None,
    cached_share: Annotated[float, typer.Option(help="Share of prompts that need not be computed.")] = 0.0,
    tpot_ms: Annotated[float | None, typer.Option(help="Longest time of a token, ms.", show_default="no limit")] = None,
    ttft_s: Annotated[
        float | None, typer.Option(help="Longest time to the first token, s.", show_default="no limit")
    ] = None,
    peak_over_mean: Annotated[float, typer.Option(help="Load of the busy hour over the mean.")] = 1.0,
    precision: Annotated[str, typer.Option(help="Arithmetic: bf16, fp16, fp8, int8 or fp4.")] = "bf16",
    weights: Annotated[
        str | None, typer.Option(help="Format of the weights.", show_default="as published, or the arithmetic's")
    ] = None,
    kv: Annotated[str, typer.Option(help="Format of cached keys and values.")] = "bf16",
    untuned: Annotated[
        bool, typer.Option("--untuned", help="The engine as it comes, not tuned for the device.")
    ] = False,
    apart: Annotated[
        bool, typer.Option("--apart", help="Prompts on devices of their own, experts spread over the others.")
    ] = False,
    accelerator: AcceleratorsOption = None,
    site: SiteOption = None,
    to: ToOption = "HK",
    on: Annotated[str | None, typer.Option(help="Day of the order, ISO date.", show_default="today")] = None,
    data_class: Annotated[
        str | None, typer.Option(help="Class of what is asked and answered.", show_default=False)
    ] = None,
    us_exposure: UsExposureOption = False,
    budget_hkd: Annotated[
        float | None, typer.Option(help="HKD a month; without a load: the largest that it serves.", show_default=False)
    ] = None,
    calibrate: CalibrateOption = None,
    everything: EverythingOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Say how many devices a service takes on each option, how fast they answer, what a month costs, and whether they may be used.

    Bought, into a hall of one's own or into colocation, in Hong Kong or in the country that --to names; rented at the AI
    Supercomputing Centre (AISC), elsewhere in Hong Kong, on the mainland or overseas. One option is CHOSEN, the others
    say why not. --json and --format csv have every figure.
    """
    form = chosen(format, as_json=as_json, output=output)
    from planner.figures.options import serve_figures
    from planner.intake.catalogue import performance_parameters
    from planner.report.serve import serve_screen
    from planner.serving.choice import serve_options
    from planner.serving.question import question

    asked = question(
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        model=model,
        params_b=params_b,
        active_params_b=active_params_b,
        dimensions={
            "layers": layers,
            "hidden": hidden,
            "heads": heads,
            "kv_heads": kv_heads,
            "ffn": ffn,
            "vocab": vocab,
        },
        output_tokens_per_s=output_tokens_per_s,
        requests_per_s=requests_per_s,
        cached_share=cached_share,
        tpot_ms=tpot_ms,
        ttft_s=ttft_s,
        peak_over_mean=peak_over_mean,
        precision=precision,
        weights=weights,
        kv=kv,
        tuned=not untuned,
        apart=apart,
        on=day_of(on),
        budget_hkd=budget_hkd,
        data_class=data_class,
        site=site,
        to=to,
        us_exposed=us_exposure,
        calibrate=calibrate,
    )
    records = serve_options(asked, accelerator or ())
    page = serve_screen(records, asked, accelerator or (), everything=everything)
    envelope: dict[str, Any] = {"schema": "planner.serve/1", "data_as_of": performance_parameters().as_of}
    show(
        page,
        [each.plain() for each in records],
        form=form,
        output=output,
        figures=lambda: serve_figures(records, asked),
        table=_table(records),
        **envelope,
    )


def _table(records: Sequence[Service]) -> Table:
    """Every option, a line each."""
    from planner.report.tables import Table

    rows = [
        {
            "option": each.option, "place": each.place, "where": each.where, "devices": each.devices,
            "tokens_per_s_per_device": each.tokens_per_s_per_device.p50 if each.tokens_per_s_per_device else None,
            "tpot_ms": each.tpot_ms, "ttft_s": each.ttft_s, "binds": each.binds,
            "hkd_per_month": each.hkd_per_month.p50 if each.hkd_per_month else None,
            "hkd_per_million_tokens": each.hkd_per_million_tokens, "output_tokens_per_s": each.output_tokens_per_s,
            "legal": each.legal["outcome"], "data_rule": each.data_rule, "choice": "CHOSEN" if each.chosen else each.why_not,
        }
        for each in records
    ]  # fmt: skip
    return Table.of(rows, title="Options")
