"""What a budget trains, as text: in a sentence, then the largest model of each family with its tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.cells import number
from planner.intake.catalogue import sites
from planner.report.language import IN_ENGLISH, Language
from planner.report.options import reason_lines
from planner.report.tables import Heading, Part, Table
from planner.report.train_options import short_days
from planner.report.train_reverse import SURE
from planner.report.train_time import METHODS
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
    say: Language = IN_ENGLISH,
) -> list[Part]:
    """What to print. `against`: what stands in the way of each option, where nothing is trained; `named`: one model was meant."""
    title = Heading(
        say(
            "What {limits} trains, {method} in {precision}, {sure}",
            limits=_limits(asked, say),
            method=say(METHODS[asked.method]),
            precision=asked.precision,
            sure=say(SURE[asked.sure]),
        )
    )
    if not models:
        return [title, *_nothing(against, say)]
    shown = models if everything else models[:MOST]
    what = "" if named else say(", the largest of each family, the largest first")
    # One option for all is said once; a column of it would push the rest together.
    same = shown[0].option if len({each.option for each in shown}) == 1 else ""
    where = say(", all on {option}", option=same) if same and not named else ""
    left_out = "option" if same else "per param"
    kept = [place for place, name in enumerate(COLUMNS) if name != left_out]
    rows = [[row[place] for place in kept] for row in (_row(each, asked, say) for each in shown)]
    title_of_table = f"{say.count(len(shown), 'model')}{what}{where}"
    table = Table(title_of_table, [say(COLUMNS[place]) for place in kept], rows)
    rest = len(models) - len(shown)
    more = [f"{say.count(rest, 'more model')}: --all shows them."] if rest else []
    return [title, _sentence(models[0], say), "", table, _legend(asked, say), *more]


def _limits(asked: TrainQuestion, say: Language) -> str:
    where = say(" at {site}", site=sites()[asked.site].name) if asked.site else ""
    by = say(" by {day}", day=asked.by) if asked.by else ""
    return f"{say.money(asked.budget_hkd or 0.0)}{where}{by}"


def _sentence(best: FamilyTime, say: Language) -> str:
    return say(
        "At most {model}, {params} parameters, on {tokens} tokens: {devices} of {option}, ready {ready}, done by {finish} ({late} at"
        " p90), for {hkd} ({low} to {high}).",
        model=best.model,
        params=say.billions(best.params_b),
        tokens=say.billions(best.tokens_b),
        devices=say.count(best.count, "device"),
        option=best.option,
        ready=best.ready,
        finish=best.finish,
        late=best.finish_p90,
        hkd=say.money(best.cost_hkd.p50),
        low=say.short_money(best.cost_hkd.p10),
        high=say.short_money(best.cost_hkd.p90),
    )


def _nothing(against: Mapping[str, str], say: Language) -> list[Part]:
    """Each reason with the options that it meets."""
    return [say("Nothing:"), *reason_lines(((reason, option) for option, reason in against.items()), REASONS, say)]


def _row(each: FamilyTime, asked: TrainQuestion, say: Language) -> list[str]:
    done = each.finish_p90 if asked.sure == "p90" else each.finish
    return [
        each.model, number(each.params_b), number(each.tokens_b), number(each.tokens_per_parameter), number(each.count),
        short_days(each.days.at(asked.sure)), done.isoformat(), say.short_money(each.cost_hkd.at(asked.sure)), each.option,
    ]  # fmt: skip


def _legend(asked: TrainQuestion, say: Language) -> str:
    floors = {"pretrain": say("20 tokens a parameter"), "continued": say("{tokens} tokens", tokens=say.billions(1))}
    return say(
        "Tokens are those that budget and date leave; a model that gets less than {floor} gives way to a smaller one of its family."
        " per param: tokens per active parameter. days, done by and HKD are of {sure}.",
        floor=floors.get(asked.method, say("{tokens} tokens", tokens=say.billions(0.01))),
        sure=asked.sure,
    )
