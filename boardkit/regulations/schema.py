"""The form of a pack for editors, as JSON Schema: keys are completed, and what may stand in them is shown."""

from __future__ import annotations

import json
from typing import Any

from boardkit.regulations.model import Regulations
from boardkit.regulations.parameters import KEY

FILE = "boardkit-pack.schema.json"
"""The name that a pack's first line gives, for editors that complete TOML."""

_PARAMETER = "parameter-of-the-board"


def schema() -> str:
    """Write the form of a pack.

    An editor is led by it; the loader alone says whether a pack is sound.

    Returns:
        JSON Schema, draft 2020-12. A value may be a parameter that the board states.

    Examples:
        >>> made = json.loads(schema())
        >>> "studies" in made["properties"], made["additionalProperties"]
        (True, False)
    """
    made = Regulations.model_json_schema(by_alias=True)
    parts = made.pop("$defs")
    for part in [made, *parts.values()]:
        for name, form in part.get("properties", {}).items():
            part["properties"][name] = _or_parameter(form)
    parts[_PARAMETER] = {
        "type": "object",
        "description": "A value that the board states; it is asked for under [parameters].",
        "properties": {KEY: {"type": "string"}},
        "required": [KEY],
        "additionalProperties": False,
    }
    _or_a_tariff_alone(made, parts)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "$defs": parts}
    return json.dumps(head, indent=2, ensure_ascii=False) + "\n"


def _or_a_tariff_alone(made: dict[str, Any], parts: dict[str, Any]) -> None:
    """Let a pack state a tariff alone, with no session, or take one from another pack."""
    made["anyOf"] = [{"required": made.pop("required")}, {"required": ["pack", "misconduct"]}]
    parts["Identity"]["required"].remove("session")
    another = {"type": "object", "properties": {"from": {"type": "string"}}, "required": ["from"]}
    made["properties"]["misconduct"]["anyOf"].append({**another, "additionalProperties": False})


def _or_parameter(form: dict[str, Any]) -> dict[str, Any]:
    """Let a plain value or a list of them be a parameter; a part, or a table of parts, stays as it is."""
    choices = [form, *form.get("anyOf", [])]
    parts = [one for one in choices if "$ref" in one or one.get("type") == "object"]
    if parts or (form.get("type") == "array" and "$ref" in form.get("items", {})):
        return form
    return {"anyOf": [form, {"$ref": f"#/$defs/{_PARAMETER}"}]}
