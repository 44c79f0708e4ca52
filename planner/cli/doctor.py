"""`planner doctor`: is this machine ready, and are the data fresh?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

import typer

from planner.cli.output import FormatOption, JsonOption, OutputOption, emit, planner_version
from planner.cli.versions import installed
from planner.intake.freshness import freshness
from planner.report.tables import Table

EXAMPLE = "planner doctor"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found, whether it will do, and what to do if not."""

    check: str
    found: str
    verdict: Literal["ok", "warning", "missing"]
    to_do: str = ""


def doctor(format: FormatOption = None, as_json: JsonOption = False, output: OutputOption = None) -> None:
    """Check Python, the packages and the solver, and the age of each file of the catalogue."""
    from planner.intake import data_as_of

    findings = [Finding("planner", planner_version(), "ok"), *_packages(), *_data(date.today())]
    records = [asdict(finding) for finding in findings]
    missing = any(finding.verdict == "missing" for finding in findings)
    emit(
        records,
        schema="planner.doctor/1",
        table=Table.of(records),
        format=format,
        as_json=as_json,
        output=output,
        status="not_ready" if missing else "ok",
        data_as_of=data_as_of(),
        diagnostics=[record for record in records if record["verdict"] != "ok"],
    )
    if missing:
        raise typer.Exit(1)


def _packages() -> Iterator[Finding]:
    for package in installed():
        if package.version is None:
            yield Finding(package.name, "not installed", "missing", "Install planner anew, with its dependencies.")
        elif package.tested:
            yield Finding(package.name, package.version, "ok")
        else:
            to_do = f"Tested from {package.oldest} to {package.newest}: results may differ."
            yield Finding(package.name, package.version, "warning", to_do)


def _data(today: date) -> Iterator[Finding]:
    for file in freshness(today):
        age = f"as of {file.as_of}, age {file.age_days} days" if file.as_of else "gives no as_of date"
        fix = f"Gather it anew: it keeps for {file.fresh_days} days." if file.stale else ""
        yield Finding(f"data/{file.file}", age, "warning" if file.stale else "ok", fix)
