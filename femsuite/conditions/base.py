"""What every condition shares: frozen options, a selector of surfaces or regions, and where its numbers come from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Status = Literal["published", "mixed", "seed", "derived", "unchecked", "estimate"]


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Selector = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_tuple),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
            "description": "a name, a shell pattern such as body_*, or a list of these",
            "examples": ["body_top", ["body_*", "lead_*"]],
        }
    ),
]


class Condition(BaseModel):
    """Options common to all conditions.

    Args:
        status: how well the numbers are known, in the words of the material files.
        source: where they come from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Status | None = None
    source: str | None = None
