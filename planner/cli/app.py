"""`planner app`: a web page with sliders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLE = """planner app examples/hong_kong/case.yaml
planner app examples/hong_kong/case.yaml --options examples/midscale_grant/options.yaml
planner app case.yaml --port 8051 --no-browser"""


def app(
    case: Annotated[Path, typer.Argument(help="Case in YAML.")],
    options: Annotated[
        list[Path] | None, typer.Option(help="File of options to be compared, as `planner compare` takes; repeat.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of this machine; 0 takes any that is free.")] = 8050,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that plan; else one a core, four at most.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Serve a page with sliders to the browser of this machine, until Ctrl-C."""
    from planner.app.serve import serve

    serve(case, port, workers, options=options or [], browser=browser)
