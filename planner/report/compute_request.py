"""A page that justifies a request for compute: what the AI Subsidy Scheme's second criterion asks of an applicant.

Model complexity, data size, batch, precision, schedule and utilisation, then the options compared, then what was
assumed. Markdown, or the same as one HTML file without scripts.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

OPTIONS_SHOWN = 12


def _spread(value: dict[str, float] | None, digits: int = 0) -> str:
    return (
        "–"
        if value is None
        else f"{value['p50']:,.{digits}f} ({value['p10']:,.{digits}f} to {value['p90']:,.{digits}f})"
    )


def request_rows(entry: dict[str, Any], model: dict[str, Any]) -> list[tuple[str, str]]:
    """(what is asked, answer) of the request for the option `entry`."""
    layout = entry["layout"] or {}
    degrees = (
        ", ".join(f"{name} {layout[name]}" for name in ("tp", "pp", "dp", "cp", "ep") if layout.get(name, 1) > 1)
        or "data parallel only"
    )
    batch = layout.get("global_batch_sequences", 0)
    cost = entry["cost_hkd"]
    rows = [
        (
            "Model",
            f"{model['name']}: {model['params_b']:,.2f} B parameters, {model['active_b']:,.2f} B active per token",
        ),
        (
            "Complexity",
            f"{model['layers']} layers, width {model['hidden']}, {model['heads']} heads, sequence {model['seq_len']:,} tokens",
        ),
        ("Method", model["method"]),
        ("Data", f"{model['tokens_b']:,.1f} B tokens"),
        ("Work", f"{entry['flop']:.3g} FLOP ({entry['flop_per_token']:.3g} per token, causal attention)"),
        ("Precision", model["precision"]),
        ("Accelerators", f"{entry['count']:,} × {entry['accelerator']}, {entry['where']}"),
        ("Layout", f"{degrees}; {batch:,} sequences per step; {entry['memory_gb_per_device']:.0f} GB per device"),
        ("Utilisation", f"{entry['mfu']:.1%} of peak in steady state; goodput {entry['goodput']:.1%}"),
        ("Accelerator-hours", _spread(entry["accelerator_hours"])),
        ("Duration", f"{_spread(entry['days'], 1)} days"),
        ("Schedule", f"ready {entry['ready']}, finished {entry['finish']}"),
        ("Energy", f"{_spread(entry['energy_kwh'])} kWh, {_spread(entry['carbon_kg'])} kg CO2e"),
        ("Cost", f"HKD {_spread(cost)}" if cost else "no price in the catalogue"),
        ("Export control", f"{entry['legal']['outcome']} ({entry['legal']['rule']})"),
    ]
    if entry["data_rule"]:
        rows.append(("Data rule", entry["data_rule"]["because"]))
    return rows


def markdown(records: Sequence[dict[str, Any]], model: dict[str, Any]) -> str:
    """The page for the chosen option, or the first that fits."""
    fitting = [entry for entry in records if entry["fits"]]
    entry = next((each for each in fitting if each["chosen"]), fitting[0])
    lines = [f"# Compute request: {model['name']}", "", "| | |", "|---|---|"]
    lines += [f"| {what} | {said} |" for what, said in request_rows(entry, model)]
    lines += ["", "Numbers in brackets are the tenth and the ninetieth percentile.", "", "## Options compared", ""]
    lines += ["| option | days | HKD | finish | export control | why not |", "|---|---|---|---|---|---|"]
    for each in fitting[:OPTIONS_SHOWN]:
        finish, why = each["finish"] or "–", "chosen" if each["chosen"] else each["why_not"] or "–"
        lines.append(
            f"| {each['option']} | {_spread(each['days'], 1)} | {_spread(each['cost_hkd'])} | {finish} | {each['legal']['outcome']} | {why} |"
        )
    lines += ["", "## Assumptions", "", *(f"- {said}" for said in entry["assumptions"])]
    return "\n".join(lines) + "\n"


def html(records: Sequence[dict[str, Any]], model: dict[str, Any]) -> str:
    """The same page as HTML."""
    body, table = [], False
    for line in markdown(records, model).splitlines():
        cells = [escape(cell.strip()) for cell in line.strip("|").split("|")] if line.startswith("|") else None
        if table and cells is None:
            body.append("</table>")
            table = False
        if cells and not set("".join(cells)) <= {"-"}:
            body += [] if table else ["<table>"]
            body.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
            table = True
        elif line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            body.append(f"<h{level}>{escape(line.lstrip('# '))}</h{level}>")
        elif line and cells is None:
            body.append(f"<p>{escape(line)}</p>")
    style = "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto}td{border-bottom:1px solid #ccc;padding:.3em .6em;vertical-align:top}"
    title = escape(f"Compute request: {model['name']}")
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head><body>{"".join(body)}</body></html>\n'
