"""The JSON Schema of a case (draft 2020-12), with units and meanings, for editors and other tools."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel

from planner.intake.quantity import unit_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"


@cache
def json_schema(noun: type[BaseModel]) -> dict[str, Any]:
    """The schema of what a file may say, which is more than the noun: a Range may be a plain number, an entry of the
    catalogue may be left empty or given in part, and the id of an entry is the key under which it stands.

    Made once for each noun: not to be changed by whoever gets it.
    """
    schema = noun.model_json_schema()
    definitions: dict[str, Any] = schema.get("$defs", {})
    for definition in (schema, *definitions.values()):
        for name, field in definition.get("properties", {}).items():
            _with_unit(name, field)
    for name in _by_id(schema, definitions):
        entry = definitions[name]
        entry.pop("required", None)
        entry["properties"].pop("id", None)
        definitions[name] = {**entry, "type": ["object", "null"]}
    if "Range" in definitions:
        text = definitions["Range"].pop("description", "")
        definitions["Range"] = {"anyOf": [{"type": "number"}, definitions["Range"]], "description": text}
    return {"$schema": DRAFT, **schema}


_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


def _with_unit(name: str, field: dict[str, Any]) -> None:
    unit = unit_of(name)
    field.pop("title", None)
    for holder in (field, *field.get("anyOf", ())):
        # The bounds of a Range: pydantic knows the words of JSON Schema for plain numbers only.
        for bound, word in _BOUNDS.items():
            if bound in holder:
                holder[word] = holder.pop(bound)
    if unit and unit.split("/")[0] not in field.get("description", ""):
        field["description"] = f"{field.get('description', '')} [{unit}]".strip()


def _by_id(schema: dict[str, Any], definitions: dict[str, Any]) -> list[str]:
    """The definitions of what stands in the case by id and bears an id of its own: what the catalogue may hold too."""
    names: list[str] = []
    for field in schema.get("properties", {}).values():
        patterns = list(field.get("patternProperties", {}).values())
        for inside in [*patterns, field.get("additionalProperties")]:
            name = inside.get("$ref", "").rpartition("/")[2] if isinstance(inside, dict) else ""
            if name and "id" in definitions[name].get("properties", {}):
                names.append(name)
    return list(dict.fromkeys(names))
