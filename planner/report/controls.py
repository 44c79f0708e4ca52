"""How verdicts of law read: grouped by outcome with the rules told below, or one device in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.domain.accelerator import Accelerator
from planner.domain.base import Range
from planner.domain.policy import Told
from planner.domain.transaction import Transaction
from planner.law.outcome import Verdict
from planner.law.record import verdict_record
from planner.law.words import MEANING_WORDS, number, sentence
from planner.report.memo import changes, flag_words
from planner.report.tables import Table

COLUMNS = ("accelerator", "rule", "fee_or_tax_pct", "confidence")
EVERYTHING = (
    "accelerator",
    "on",
    "destination",
    "channel",
    "outcome",
    "rule",
    "regime",
    "fee_or_tax_pct",
    "confidence",
)
# From what may be had to what may not.
ORDER: tuple[Told, ...] = (
    "uncontrolled",
    "notify",
    "case_by_case",
    "compliance_risk",
    "unknown",
    "presumption_of_denial",
    "prohibited",
)


def one_table(verdicts: Sequence[Verdict]) -> Table:
    """All verdicts in one table, for files and other programs."""
    return Table.of([verdict_record(verdict) for verdict in verdicts], (*EVERYTHING, "because", "citation"))


def history_table(spans: Sequence[dict[str, Any]], transaction: Transaction) -> Table:
    """Outcome over time, a line for each span of days."""
    columns = ("accelerator", "from", "to", "outcome", "rule", "fee_or_tax_pct", "confidence")
    title = f"Outcome over time: {transaction.channel} to {transaction.destination}"
    return Table.of([{name: span[name] for name in columns} for span in spans], columns, title=title)


def tables_for_people(
    verdicts: Sequence[Verdict], devices: Sequence[Accelerator], records: Sequence[dict[str, Any]]
) -> list[Table]:
    """One device in full, or many by outcome and then the rules that decided."""
    if len(verdicts) == 1:
        return [_in_full(verdicts[0], devices[0], records[0])]
    groups = [_group(outcome, [v for v in verdicts if v.outcome == outcome]) for outcome in ORDER]
    return [*(group for group in groups if group.rows), _rules(verdicts)]


def _group(outcome: Told, verdicts: Sequence[Verdict]) -> Table:
    rows = [[v.accelerator, v.ground.rule.id, v.fee_or_tax_pct, v.confidence] for v in verdicts]
    return Table(f"{outcome} ({len(rows)}): {MEANING_WORDS[outcome]}", COLUMNS, rows)


def _rules(verdicts: Sequence[Verdict]) -> Table:
    """The rules that decided, each once, with regime and citation."""
    decided = {verdict.ground.rule.id: verdict for verdict in verdicts}
    flagged = {flag.rule.id: flag for verdict in verdicts for flag in verdict.flags}
    lines = [
        f"{id}: {v.ground.source_name} ({v.ground.source_id}). {v.ground.rule.source}" for id, v in decided.items()
    ]
    lines += [
        f"flag {id}: {f.source_name} ({f.source_id}), {f.rule.outcome}. {f.rule.source}" for id, f in flagged.items()
    ]
    lines.append("`planner catalog rules ID` gives all citations of a rule.")
    on = verdicts[0]
    where = f"{on.transaction.channel} to {on.transaction.destination} on {on.on}"
    return Table(f"Rules that decide or flag ({where})", (), (), "\n".join(lines))


def _share(share: Range) -> str:
    return f"{share.mid:.0%}, between {share.low:.0%} and {share.high:.0%}"


def _in_full(verdict: Verdict, device: Accelerator, record: dict[str, Any]) -> Table:
    rule, transaction = verdict.ground.rule, verdict.transaction
    rows = [
        ("outcome", verdict.outcome),
        ("rule", rule.id),
        ("regime", f"{verdict.ground.source_id}: {verdict.ground.source_name}"),
        ("in force from", verdict.ground.first_day.isoformat()),
        ("ECCN", record["eccn"]),
        *((("licence exception", rule.exception),) if rule.exception else ()),
        *((("review", rule.review),) if rule.review else ()),
        ("fee or tax (%)", number(verdict.fee_or_tax_pct)),
        ("confidence", verdict.confidence),
        *((("volume", rule.volume_cap_note),) if rule.volume_cap_note else ()),
        *((("notices let through", _share(rule.approval_share)),) if rule.approval_share else ()),
        *(("flag", flag_words(flag)) for flag in verdict.flags),
    ]
    nearest = verdict.nearest
    paragraphs = [
        verdict.because,
        f"Nearest other rule: {nearest.ground.rule.id} ({nearest.ground.rule.outcome}), {nearest.why_not}."
        if nearest
        else "No other rule comes into question.",
        sentence(f"matching too: {', '.join(other.rule.id for other in verdict.others)}") if verdict.others else "",
        *(sentence(change) for change in changes(record)),
        f"Citation: {verdict.citation}.",
        f"Rules known to {verdict.known_to}.",
    ]
    scenario = f", scenario {verdict.scenario}" if verdict.scenario else ""
    what = f"{transaction.channel} to {transaction.destination} on {verdict.on}{scenario}"
    note = "\n".join(paragraph for paragraph in paragraphs if paragraph)
    return Table(f"{device.name} ({device.id}): {what}", ("question", "answer"), rows, f"\n{note}")
