"""A page that justifies a request for compute: what the AI Subsidy Scheme's second criterion asks of an applicant.

Model complexity, data size, batch, precision, schedule and utilisation, then the options compared, then what was
assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.cells import number
from planner.papers.paper import Paper, Section
from planner.performance.estimate import Spread
from planner.report.tables import Table
from planner.report.train_options import lasting
from planner.report.words import percent, short_money
from planner.training.question import TrainQuestion
from planner.training.record import TrainTime

OPTIONS_SHOWN = 12
SPARSE = 0.8
"""Share of parameters below which those active per token are told apart: a mixture of experts, not embeddings left out."""
METHODS = {
    "pretrain": "pretraining", "continued": "continued pretraining", "full": "full fine-tuning", "lora": "LoRA",
    "qlora": "QLoRA, weights in 4 bits,", "tuned_lora": "LoRA on a tuned stack",
}  # fmt: skip
DEGREES = {"tp": "tensor", "pp": "pipeline", "dp": "data", "cp": "context", "ep": "expert"}
Rows = list[tuple[str, str]]


def compute_request(records: Sequence[TrainTime], asked: TrainQuestion) -> Paper:
    """The paper for the chosen option, or the first that fits. `records`: of `records_of`."""
    fitting = [entry for entry in records if entry.fits]
    entry = next((each for each in fitting if each.chosen), fitting[0])
    lead = (
        f"Asked for: {_machine_words(entry)}. {_lasting(entry)}, {_spread(entry.accelerator_hours)} accelerator-hours, "
        f"{_hkd(entry.cost_hkd)}. Ranges are the tenth to the ninetieth percentile."
    )
    sections = [
        Section("What is trained", [_facts(_training(entry, asked))]),
        Section("On what, how well used", [_facts(_machine(entry))]),
        Section("When, and what it takes", [_facts(_schedule(entry))]),
        Section("May it be used", [_facts(_law(entry))]),
        Section("Options compared", [_options(fitting[:OPTIONS_SHOWN])]),
        Section("Assumptions", [f"- {words}" for words in entry.assumptions]),
    ]
    return Paper(f"Compute request: {asked.shape.name}", sections, lead=lead, worded=True)


def _training(entry: TrainTime, asked: TrainQuestion) -> Rows:
    shape = asked.shape
    dimensions = f"{shape.layers} layers, width {shape.hidden:,}, {shape.heads} heads"
    active_b, total_b = shape.active_matrix_parameters / 1e9, shape.total_parameters / 1e9
    active = f", {number(active_b)} B of them active per token" if active_b < SPARSE * total_b else ""
    batch = entry.layout.global_batch_sequences if entry.layout else 0
    return [
        ("Model", f"{shape.name}, {number(total_b)} B parameters{active}"),
        ("Complexity", f"{dimensions}, sequences of {shape.seq_len:,} tokens"),
        ("Method", f"{METHODS[asked.method]} in {asked.precision}"),
        ("Data", f"{number(asked.tokens_b)} B tokens"),
        ("Batch", f"{batch:,} sequences a step"),
        ("Work", f"{entry.flop or 0.0:.3g} FLOP, {entry.flop_per_token or 0.0:.3g} per token (causal attention)"),
    ]


def _machine(entry: TrainTime) -> Rows:
    layout, tax = entry.layout, entry.performance_tax
    degrees = [f"{name} {degree}" for key, name in DEGREES.items() if (degree := getattr(layout, key, 1)) > 1]
    rows = [
        ("Accelerators", _machine_words(entry)),
        ("Layout", f"{' × '.join(degrees) or 'one device'}; {number(entry.memory_gb_per_device or 0.0)} GB a device"),
        (
            "Utilisation",
            f"{percent(entry.mfu or 0.0)} of peak in steady state; goodput {percent(entry.goodput or 0.0)}",
        ),
    ]
    if tax:
        lost = f"{percent(tax.kernels)} kernels, {percent(tax.scaling)} scaling, against {tax.reference}"
        rows.append(("Performance tax", f"{percent(tax.total)} of peak: {lost}"))
    return rows


def _schedule(entry: TrainTime) -> Rows:
    months = {
        "application": entry.application_months,
        "queue": entry.queue_months,
        "fit-out of the hall": entry.hall_months,
        "porting": entry.porting_months,
    }
    waits = "".join(f", {name} {number(each)} months" for name, each in months.items() if each)
    return [
        ("Duration", _lasting(entry)),
        ("Schedule", f"begun {entry.begin}{waits}, ready {entry.ready}, finished {entry.finish}"),
        ("Accelerator-hours", _spread(entry.accelerator_hours)),
        ("Energy", _spread(entry.energy_kwh, "kWh")),
        ("Carbon", _spread(entry.carbon_kg, "kg CO2e")),
        ("Cost", _hkd(entry.cost_hkd)),
        *_purchase(entry),
    ]


def _purchase(entry: TrainTime) -> Rows:
    whole = entry.purchase
    if whole is None:
        return []
    share = f"{100 * whole.share_of_life:.2g} % of their {whole.life_years:g} years"
    return [("Purchase", f"HKD {short_money(whole.hkd)} for the devices as a whole; the run takes {share}")]


def _law(entry: TrainTime) -> Rows:
    legal, data = entry.legal, entry.data_rule
    rows = [
        ("Export control", f"{legal['outcome']} by {legal['rule']}: {legal['because']}"),
        ("Citation", legal["citation"]),
    ]
    return [*rows, ("Data rule", data.because)] if data else rows


def _options(fitting: Iterable[TrainTime]) -> Table:
    return Table(
        "",
        ("Option", "Days", "HKD", "Finished", "Export control", "Why not"),
        [
            (
                each.option, _days(each), _hkd(each.cost_hkd).removeprefix("HKD "), each.finish.isoformat() if each.finish else "–",
                each.legal["outcome"], "chosen" if each.chosen else each.why_not or "–",
            )
            for each in fitting
        ],
    )  # fmt: skip


def _machine_words(entry: TrainTime) -> str:
    return f"{entry.count:,} × {entry.accelerator_name}, {entry.where}"


def _lasting(entry: TrainTime) -> str:
    return lasting(entry.days) if entry.days else "–"


def _days(entry: TrainTime) -> str:
    """In tenths of a day."""
    days = entry.days
    return f"{days.p50:,.1f} ({days.p10:,.1f} to {days.p90:,.1f})" if days else "–"


def _hkd(cost: Spread | None) -> str:
    if cost is None:
        return "no price in the catalogue"
    low, mid, high = map(short_money, (cost.p10, cost.p50, cost.p90))
    return f"HKD {mid} ({low} to {high})"


def _spread(value: Spread | None, unit: str = "") -> str:
    if value is None:
        return "–"
    return f"{number(value.p50)} {unit}".strip() + f" ({number(value.p10)} to {number(value.p90)})"


def _facts(rows: Rows) -> Table:
    """A table of facts, which needs no head."""
    return Table("", ("", ""), rows)
