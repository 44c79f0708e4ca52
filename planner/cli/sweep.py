"""`planner sweep`: what changes over a range?"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.options import CaseArgument, ClusterOption, WorkersOption, who_works
from planner.cli.output import SUFFIXES, Format, FormatOption, JsonOption, chosen, emit, put, show
from planner.cli.progress import VerboseOption, working
from planner.errors import UsageError, did_you_mean
from planner.report.tables import Table, as_csv

if TYPE_CHECKING:
    from planner.domain.case import Case
    from planner.study.sweep.answer import Answer, Question
    from planner.study.workers import Workers

EXAMPLE = """planner sweep case.yaml --vary budget_hkd=1e9:5e9:9 --vary tax.cann=0:0.6:7 --workers 2
planner sweep case.yaml --ranges '*' --design monte_carlo --samples 200 -o sweeps/prices
planner sweep case.yaml --ranges '*' --design monte_carlo --samples 5000 --cluster tcp://head:8786 --parquet -o sweeps/prices
planner sweep case.yaml --vary 'offers.*.price_usd_per_device=*0.8:*1.2' --design switching
planner sweep case.yaml --design frontier"""
EVERY_SECONDS = 10.0
DESIGNS = ("grid", "lhs", "monte_carlo", "morris", "tornado", "switching", "frontier")


def sweep(
    case: CaseArgument,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            help="PATH=A:B:N, PATH=A:B, PATH=a,b,c, PATH=*0.8:*1.2:5, or PATH alone for an estimate's own span; repeat."
        ),
    ] = None,
    ranges: Annotated[
        list[str] | None,
        typer.Option(help="Vary every estimate whose path fits, from its low to its high; '*' is all; repeat."),
    ] = None,
    design: Annotated[str, typer.Option(help=f"{', '.join(DESIGNS)}.")] = "grid",
    samples: Annotated[
        int | None,
        typer.Option(help="Of lhs and monte_carlo; trajectories of morris; amounts of work on the frontier."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same samples.")] = 0,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="With -o FOLDER: runs as they come, in FOLDER/runs.parquet.")
    ] = False,
    verbose: VerboseOption = False,
    format: FormatOption = None,
    as_json: JsonOption = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Keep runs and results in this folder, or show the result in this file."),
    ] = None,
) -> None:
    """Solve many variants of a case. A sweep that was stopped goes on where it was: finished runs are kept."""
    file = output if output is not None and output.suffix in SUFFIXES else None
    folder = output if file is None else None
    if parquet and folder is None:
        raise UsageError("--parquet needs a folder: add -o FOLDER.")
    who = who_works(workers, cluster)
    form = chosen(format, as_json=as_json, output=file)
    with_inputs, question = working(
        lambda say: _question(case, vary or [], ranges or [], design, samples, seed), "reading the case"
    )
    answer = _asked(with_inputs.case, question, who, folder, parquet)
    from planner.figures.sweep import sweep_figures
    from planner.report.sweep import page, records_of, results

    head: dict[str, Any] = {
        "schema": "planner.sweep/1", "status": "optimal",
        "inputs_sha256": with_inputs.sha256, "data_as_of": with_inputs.data_as_of,
    }  # fmt: skip
    table = Table.of(records_of(answer))
    if folder is not None:
        put(as_csv([table]), folder / "runs.csv")
        emit(results(answer), format=Format.JSON, output=folder / "sweep.json", **head)
    head["title"] = f"Sweep: {with_inputs.case.title}"
    show(
        page(answer),
        results(answer),
        form=form,
        output=file,
        figures=lambda: sweep_figures(answer),
        table=table,
        **head,
    )


def _question(
    case: Path, vary: list[str], ranges: list[str], design: str, samples: int | None, seed: int
) -> tuple[Any, Question]:
    from planner.intake import read_inputs
    from planner.study.sweep.answer import SAMPLES, Question
    from planner.study.sweep.designs import fitting, read_parameter

    if design not in DESIGNS:
        there = f"There are {', '.join(DESIGNS)}."
        raise UsageError(f"no design '{design}'. {did_you_mean(design, DESIGNS, there)}")
    inputs = read_inputs(case)
    named = {text.partition("=")[0].strip(): read_parameter(inputs.case, text) for text in vary}
    spread = {p.path: p for pattern in ranges for p in fitting(inputs.case, pattern)}
    size = samples if samples is not None else SAMPLES.get(design, 1)  # type: ignore[call-overload]
    return inputs, Question(design, tuple((spread | named).values()), size, seed)  # type: ignore[arg-type]


def _asked(case: Case, question: Question, workers: Workers, folder: Path | None, parquet: bool) -> Answer:
    from planner.study.sweep.answer import ask, cache_file

    kept = folder / "runs.jsonl" if folder else cache_file(case)
    parts = folder / "runs.parquet" if folder and parquet else None
    progress = Progress(kept)
    try:
        return ask(case, question, workers=workers, kept=kept, parts=parts, tell=progress)
    except KeyboardInterrupt:
        progress.stopped()
        raise


class Progress:
    """How many runs are done and how long the rest will take, on stderr: in place on a terminal, a line now and then elsewhere."""

    def __init__(self, kept: Path) -> None:
        self._kept, self._began, self._last = kept, time.monotonic(), time.monotonic()
        self._before: int | None = None
        self._done = self._of = 0

    def __call__(self, done: int, of: int) -> None:
        self._done, self._of, now = done, of, time.monotonic()
        if self._before is None or now - self._began < 0.5:
            # Runs kept from before come at once and say nothing of the time that the others take.
            self._before, self._began = done, now if done == 0 or self._before is None else self._began
        terminal = sys.stderr.isatty()
        if terminal or now - self._last > EVERY_SECONDS:
            self._last = now
            print(
                f"{chr(13) if terminal else 'planner: '}{self._line(now)}",
                end="" if terminal else "\n",
                file=sys.stderr,
                flush=True,
            )
        if terminal and done == of:
            print(file=sys.stderr)

    def stopped(self) -> None:
        """Say what is kept, and how to go on."""
        print(
            f"\nplanner: stopped at {self._done} of {self._of or '?'} runs; they are kept in {self._kept}.",
            file=sys.stderr,
        )
        print("planner: the same call goes on from there.", file=sys.stderr)

    def _line(self, now: float) -> str:
        fresh = self._done - (self._before or 0)
        if not self._of:
            return f"{self._done} points   "
        left = (now - self._began) / fresh * (self._of - self._done) if fresh else 0.0
        time_left = f", {_span(left)} left" if fresh and self._done < self._of else ""
        return f"{self._done} of {self._of} runs{time_left}   "


def _span(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{seconds / 60:.0f} min"
        if seconds < 5400
        else f"{seconds / 3600:.1f} h"
    )
