"""The verbs, and a group that imports one only when it is called."""

from __future__ import annotations

import importlib
from keyword import iskeyword
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

VERBS: dict[str, str] = {
    "init": "Give me a commented case to start from.",
    "import": "My price list, inventory or spreadsheet as entries of a case.",
    "check": "Is this file right? Every problem at once.",
    "plan": "What do we buy, rent, build and run, when and where, and what does it cost?",
    "explain": "Why this, why not that, and what is each limit worth?",
    "report": "A paper of a saved plan for people who decide.",
    "reach": "What would meet this target?",
    "verify": "Is this saved plan still right?",
    "whatif": "What changes if …?",
    "sweep": "What changes over a range?",
    "assumptions": "Which estimates decide this case?",
    "stress": "How does each plan fare in each scenario?",
    "alternatives": "Which purchases are certain, which a matter of taste?",
    "compare": "Which of these cluster options should be funded?",
    "train-time": "How long, on what, at what cost, and may I use it?",
    "serve": "How many devices does a service take, where, at what cost, and may I use them?",
    "app": "A web page with sliders.",
    "controls": "May this be bought or rented, and under which rule?",
    "catalog": "What do you know, from where, as of when?",
    "formulation": "The mathematics, as the code states it.",
    "fields": "Every input field with its unit, bounds, default and meaning.",
    "schema": "The JSON Schema of a case, for editors.",
    "doctor": "Is this machine ready, and are the data fresh?",
}


class LazyGroup(TyperGroup):
    """Lists each verb by its question; its module, and all that imports, is loaded only when the verb is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for verb, question in VERBS.items():
            self.add_command(TyperCommand(verb, help=question, rich_markup_mode=None))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        verb, command, rest = super().resolve_command(ctx, args)
        return verb, load(verb) if verb else command, rest


def load(verb: str) -> Any:
    """The command of a verb: the function of that name in its module, its help ended by the module's EXAMPLE."""
    module = importlib.import_module(_module(verb))
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    # \b keeps the help from filling the lines of a paragraph.
    examples = "\n".join(f"  {line}" for line in module.EXAMPLE.splitlines())
    app.command(verb, epilog=f"\b\nExample:\n{examples}")(getattr(module, module.__name__.rpartition(".")[2]))
    command = typer.main.get_command(app)
    command.name = verb
    return command


def _module(verb: str) -> str:
    name = verb.replace("-", "_")
    # A word of Python's own takes an underscore.
    return f"planner.cli.{name}{'_' * iskeyword(name)}"
