"""What a budget trains, as text: in a sentence, then the largest model of each family with its tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.cells import number
from planner.intake.catalogue import sites
from planner.report.options import reason_lines
from planner.report.tables import Heading, Part, Table
from planner.report.train_options import short_days
from planner.report.train_time import METHODS, SURE
from planner.report.words import count, money, short_money
from planner.training.families import FamilyTime
from planner.training.question import TrainQuestion

MOST, REASONS = 15, 6
COLUMNS = ("model", "B params", "B tokens", "per param", "devices", "days", "done by", "HKD", "option")


def families_screen(
    models: Sequence[FamilyTime],
    asked: TrainQuestion,
    against: Mapping[str, str],
    *,
    named: bool,
    everything: bool = False,
) -> list[Part]:
    """What to print. `against`: what stands in the way of each option, where nothing is trained; `named`: one model was meant."""
    title = Heading(f"What {_limits(asked)} trains, {METHODS[asked.method]} in {asked.precision}, {SURE[asked.sure]}")
    if not models:
        return [title, *_nothing(against)]
    shown = models if everything else models[:MOST]
    what = "" if named else ", the largest of each family, the largest first"
    # One option for all is said once; a column of it would push the rest together.
    same = shown[0].option if len({each.option for each in shown}) == 1 else ""
    where = f", all on {same}" if same and not named else ""
    left_out = "option" if same else "per param"
    rows = [dict(zip(COLUMNS, _row(each, asked), strict=True)) for each in shown]
    columns = [name for name in COLUMNS if name != left_out]
    table = Table.of(rows, columns, title=f"{count(len(shown), 'model')}{what}{where}")
    rest = len(models) - len(shown)
    more = [f"{count(rest, 'more model')}: --all shows them."] if rest else []
    return [title, _sentence(models[0]), "", table, _legend(asked), *more]


def _limits(asked: TrainQuestion) -> str:
    where = f" at {sites()[asked.site].name}" if asked.site else ""
    by = f" by {asked.by}" if asked.by else ""
    return f"{money(asked.budget_hkd or 0.0)}{where}{by}"


def _sentence(best: FamilyTime) -> str:
    return (
        f"At most {best.model}, {number(best.params_b)} B parameters, on {number(best.tokens_b)} B tokens: {count(best.count, 'device')}"
        f" of {best.option}, ready {best.ready}, done by {best.finish} ({best.finish_p90} at p90), for {money(best.cost_hkd.p50)}"
        f" ({short_money(best.cost_hkd.p10)} to {short_money(best.cost_hkd.p90)})."
    )


def _nothing(against: Mapping[str, str]) -> list[Part]:
    """Each reason with the options that it meets."""
    return ["Nothing:", *reason_lines(((reason, option) for option, reason in against.items()), REASONS)]


def _row(each: FamilyTime, asked: TrainQuestion) -> list[str]:
    done = each.finish_p90 if asked.sure == "p90" else each.finish
    return [
        each.model, number(each.params_b), number(each.tokens_b), number(each.tokens_per_parameter), number(each.count),
        short_days(each.days.at(asked.sure)), done.isoformat(), short_money(each.cost_hkd.at(asked.sure)), each.option,
    ]  # fmt: skip


def _legend(asked: TrainQuestion) -> str:
    floor = {"pretrain": "20 tokens a parameter", "continued": "1 B tokens"}.get(asked.method, "0.01 B tokens")
    return (
        f"Tokens are those that budget and date leave; a model that gets less than {floor} gives way to a smaller one of its family."
        f" per param: tokens per active parameter. days, done by and HKD are of {asked.sure}."
    )
