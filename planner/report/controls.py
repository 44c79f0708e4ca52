"""How verdicts of law read: grouped by outcome with the rules told below, one device in full, or as a memo for counsel: the
question, the facts it was asked on, the answer with the text it rests on, and the doubts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from planner.domain.accelerator import Accelerator
from planner.domain.base import Range
from planner.domain.policy import Told
from planner.domain.rule import Ground
from planner.domain.transaction import Transaction
from planner.law.outcome import Verdict
from planner.law.record import verdict_record
from planner.law.words import MEANING_WORDS, fact_words, number
from planner.report.language import IN_ENGLISH, Language
from planner.report.tables import Table

Record = dict[str, Any]
FIGURES = (
    "tpp",
    "performance_density",
    "memory_bandwidth_gbps",
    "io_bandwidth_gbps",
    "datacenter_marketed",
    "us_commercially_available",
)
FIGURES_OF_MEMORY = ("memory_bandwidth_density", "us_technology")
FIGURES_OF_DIES = ("tpp", "performance_density", "process_node_nm", "transistors_bn", "holds_hbm", "designer_approved")
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
IN_FULL = (
    "made by", "outcome", "rule", "regime", "in force from", "ECCN", "licence exception", "review", "fee or tax (%)", "confidence", "volume",
    "notices let through", "flag",
)  # fmt: skip
"""Questions to which an answer in full tells the answer."""
MEANT = tuple(f"{{ground}}: {words}." for words in MEANING_WORDS.values())
"""Sentences in which law says what a rule means."""
WHY_NOT = (
    "it matches as well, but its priority {own} lies below {other}",
    "it begins on {day}",
    "it ended on {day}",
    "the scenario suspends it",
    "{fact} is below {limit} (by {gap} %)",
    "{fact} is above {limit} (by {gap} %)",
    "{fact} does not pass {limit}",
    "unknown whether {fact}",
    "{fact} unknown",
    "for {use}",
    "designed in {country}",
    "by {maker}",
    "end user based in {country}",
    "device {device}",
)
"""Sentences in which law words why a rule does not decide."""
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


def history_table(spans: Sequence[Record], transaction: Transaction) -> Table:
    """Outcome over time, a line for each span of days."""
    columns = ("accelerator", "from", "to", "outcome", "rule", "fee_or_tax_pct", "confidence")
    title = f"Outcome over time: {transaction.channel} to {transaction.destination}"
    return Table.of([{name: span[name] for name in columns} for span in spans], columns, title=title)


def tables_for_people(
    verdicts: Sequence[Verdict], devices: Sequence[Accelerator], records: Sequence[Record], say: Language = IN_ENGLISH
) -> list[Table]:
    """One device in full, or many by outcome and then the rules that decided."""
    if len(verdicts) == 1:
        return [_in_full(verdicts[0], devices[0], records[0], say)]
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


def _share(share: Range, say: Language) -> str:
    low, mid, high = (f"{value:.0%}" for value in (share.low, share.mid, share.high))
    return say("{mid}, between {low} and {high}", low=low, mid=mid, high=high)


def _in_full(verdict: Verdict, device: Accelerator, record: Record, say: Language) -> Table:
    rule, transaction = verdict.ground.rule, verdict.transaction
    rows = [
        *((("made by", f"{device.vendor} ({device.vendor_country})"),) if device.item_type == "hbm" else ()),
        ("outcome", say.name(verdict.outcome)),
        ("rule", rule.id),
        ("regime", f"{verdict.ground.source_id}: {verdict.ground.source_name}"),
        ("in force from", verdict.ground.first_day.isoformat()),
        ("ECCN", record["eccn"]),
        *((("licence exception", rule.exception),) if rule.exception else ()),
        *((("review", rule.review),) if rule.review else ()),
        ("fee or tax (%)", number(verdict.fee_or_tax_pct)),
        ("confidence", say(verdict.confidence)),
        *((("volume", rule.volume_cap_note),) if rule.volume_cap_note else ()),
        *((("notices let through", _share(rule.approval_share, say)),) if rule.approval_share else ()),
        *(("flag", flag_words(flag)) for flag in verdict.flags),
    ]
    paragraphs = [
        say.again(verdict.because, MEANT),
        _nearest(verdict, say),
        say("Matching too: {rules}.", rules=", ".join(other.rule.id for other in verdict.others))
        if verdict.others
        else "",
        *(say("{words}.", words=change[:1].upper() + change[1:]) for change in changes(record, say)),
        say("Citation: {citation}.", citation=verdict.citation),
        say("Rules known to {day}.", day=verdict.known_to),
    ]
    title = say(
        "{device} ({id}): {channel} to {destination} on {day}{scenario}",
        device=device.name,
        id=device.id,
        channel=say(transaction.channel),
        destination=transaction.destination,
        day=verdict.on,
        scenario=say(", scenario {scenario}", scenario=say.name(verdict.scenario)) if verdict.scenario else "",
    )
    note = "\n".join(paragraph for paragraph in paragraphs if paragraph)
    worded = [(say(question), answer) for question, answer in rows]
    return Table(title, (say("question"), say("answer")), worded, f"\n{note}")


def _nearest(verdict: Verdict, say: Language) -> str:
    """The rule that would have decided next, and what of it does not hold."""
    nearest = verdict.nearest
    if nearest is None:
        return say("No other rule comes into question.")
    rule = nearest.ground.rule
    why = say(", ").join(say.again(each, WHY_NOT) for each in re.split(", (?!but )", nearest.why_not))
    outcome = say.name(rule.outcome)
    return say("Nearest other rule: {rule} ({outcome}), {why}.", rule=rule.id, outcome=outcome, why=why)


def memo(verdicts: Sequence[Verdict], devices: Sequence[Accelerator], records: Sequence[Record]) -> str:
    """One memo over all devices asked about, in Markdown."""
    parts = ["# Memo on export control", *_head(verdicts[0])]
    for verdict, device, record in zip(verdicts, devices, records, strict=True):
        parts += _device(verdict, device, record)
    return "\n".join(parts) + "\n"


def _head(verdict: Verdict) -> list[str]:
    return [
        "",
        f"Rules known to {verdict.known_to}. Research by a program, not legal advice: it is written to be checked.",
    ]


def _device(verdict: Verdict, device: Accelerator, record: Record) -> list[str]:
    asked = verdict.transaction
    way = "rented by remote access" if asked.channel == "cloud" else "bought"
    scenario = f", under the hypothetical scenario {verdict.scenario}" if verdict.scenario else ""
    return [
        "",
        f"## {device.name}",
        "",
        "### Question",
        "",
        f"May {device.name} (`{device.id}`) be {way} for {asked.destination} on {verdict.on}{scenario}?",
        "",
        "### Facts",
        "",
        *(f"- {line}" for line in _facts(verdict, device)),
        "",
        "### Answer",
        "",
        f"**{verdict.outcome}**: {MEANING_WORDS[verdict.outcome]}. Confidence: {verdict.confidence}.",
        "",
        verdict.because,
        "",
        *(f"- {name}: {value}" for name, value in _law(verdict, record)),
        "",
        "### What would change it",
        "",
        *([f"- {line}" for line in changes(record)] or ["- No single fact that was assumed would."]),
        "",
        "### Doubts",
        "",
        *([f"- {line}" for line in _doubts(verdict)] or ["- None beyond those of any secondary reading."]),
    ]


def _facts(verdict: Verdict, device: Accelerator) -> list[str]:
    known = {**device.facts, **verdict.transaction.facts}
    figures = {"hbm": FIGURES_OF_MEMORY, "die": FIGURES_OF_DIES}.get(device.item_type, FIGURES)
    lines = [fact_words(figure, known[figure]) for figure in figures]
    lines += [f"figures of the device: {device.confidence}; {source}" for source in device.sources[:1]]
    asked = verdict.transaction
    lines.append(f"end user and its ultimate parent based in {asked.end_user_hq}, for {asked.use_case}")
    truths = [fact_words(fact, value) for fact, value in asked.facts.items() if value is True]
    return [*lines, *truths]


def _law(verdict: Verdict, record: Record) -> list[tuple[str, str]]:
    rule, ground = verdict.ground.rule, verdict.ground
    lines = [
        ("rule", f"`{rule.id}`, {rule.source}"),
        ("regime", f"{ground.source_name}, in force from {ground.first_day}"),
        ("citation", verdict.citation),
        ("ECCN", record["eccn"]),
        ("licence exception", record["licence_exception"] or "none"),
        ("review", record["review_policy"] or "not stated by the rule"),
        ("fee or tax", f"{number(verdict.fee_or_tax_pct)} %"),
    ]
    lines += [("volume", rule.volume_cap_note)] if rule.volume_cap_note else []
    return lines + [("flag", f"{flag_words(flag)}. {flag.source_name}") for flag in verdict.flags]


def flag_words(flag: Ground) -> str:
    """`us_maker_hygon: compliance_risk (us_parties); the Entity List bars …`, with what it means."""
    note = f"; {flag.rule.volume_cap_note}" if flag.rule.volume_cap_note else ""
    return f"{flag.rule.id}: {flag.rule.outcome} ({flag.layer}){note}"


def changes(record: Record, say: Language = IN_ENGLISH) -> list[str]:
    """`shipped from the US is assumed; not shipped from the US: presumption_of_denial by us_3a090a1_dc`."""
    return [
        say(
            "{assumed} is assumed; {instead}: {outcome} by {rule}",
            assumed=say(one["assumed"]),
            instead=say(one["if_instead"]),
            outcome=say.name(one["outcome"]),
            rule=one["rule"],
        )
        for one in record["assumed"]
    ]


def _doubts(verdict: Verdict) -> list[str]:
    nearest, doubts = verdict.nearest, []
    if verdict.confidence != "high":
        doubts.append(
            f"confidence of the rule as read: {verdict.ground.rule.confidence}; of the answer: {verdict.confidence}"
        )
    if verdict.unknown:
        doubts.append(f"nobody published: {', '.join(verdict.unknown)}")
    if nearest is not None:
        doubts.append(f"nearest other rule {nearest.ground.rule.id} ({nearest.ground.rule.outcome}): {nearest.why_not}")
    weak = [flag for flag in verdict.flags if flag.rule.confidence not in ("high",)]
    return doubts + [f"flag {flag.rule.id} is known with {flag.rule.confidence} confidence" for flag in weak]
