"""Parameters of a geometry file: a frozen model whose every field has a unit, a range and a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from femsuite.errors import Fault, InputError, unknown
from femsuite.units import TEMPERATURE, Dimension, dimension_of, parse, pretty

Status = Literal["published", "mixed", "seed", "derived", "unchecked", "estimate"]


def parameter(
    default: Any,
    description: str,
    *,
    source: str,
    status: Status,
    low: str | float | None = None,
    high: str | float | None = None,
) -> Any:
    """Return the field of one parameter.

    Args:
        default: text with a unit for a quantity (``"4.9 mm"``), else a plain value.
        description: what it is.
        source: where the default comes from (standard, paper, or the reason for an estimate).
        status: how far the default can be trusted.
        low: the lowest value that is allowed, with its unit; none when left out.
        high: the highest.
    """
    extra: dict[str, Any] = {"source": source, "status": status, "low": low, "high": high}
    return Field(default=default, description=description, json_schema_extra=extra)


def estimated_length(default: str, description: str, low: str, high: str, *, source: str) -> Any:
    """Return the field of a length that no source gives: an estimate, of one pattern in geometries full of them.

    Args:
        default: with its unit, as ``"0.3 mm"``.
        description: what it is.
        low: the lowest value that is allowed, with its unit.
        high: the highest.
        source: the reason for the estimate.
    """
    return parameter(default, description, source=source, status="estimate", low=low, high=high)


class GeometryParameters(BaseModel):
    """Base of every geometry's ``Parameters``: frozen, no unknown keys, SI numbers inside, ranges as sentences."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    def faults(self) -> Iterable[str]:
        """Return what does not fit together, each as a sentence; a geometry overrides this."""
        return ()

    @field_validator("*", mode="after")
    @classmethod
    def _within_range(cls, value: Any, info: ValidationInfo) -> Any:
        field = cls.model_fields[str(info.field_name)]
        extra = field.json_schema_extra
        if not isinstance(extra, dict) or not isinstance(value, (int, float)) or isinstance(value, bool):
            return value
        inner = [one for part in get_args(field.annotation) for one in getattr(part, "__metadata__", ())]
        dimension = dimension_of(field.metadata or inner)  # a length that may be left out has its unit one level down
        low, high = (_bound(extra.get(side), dimension) for side in ("low", "high"))
        if (low is not None and value < low * (1 - 1e-12)) or (high is not None and value > high * (1 + 1e-12)):
            allowed = (
                f"from {extra['low']} to {extra['high']}"
                if low is not None and high is not None
                else (f"at least {extra['low']}" if low is not None else f"at most {extra['high']}")
            )
            given = _words(value, dimension, extra)
            raise ValueError(f"{given} is out of range; allowed: {allowed}")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> GeometryParameters:
        found = list(self.faults())
        if found:  # not a ValueError: it passes through pydantic as it is, one fault a sentence
            raise InputError(*found)
        return self


def read_parameters[P: GeometryParameters](
    model: type[P], given: Mapping[str, Any], key: str = "geometry.parameters"
) -> P:
    """Return checked parameters.

    Args:
        model: the geometry's ``Parameters``.
        given: what the study sets; quantities as text with a unit.
        key: the key path of the table, for the faults.

    Raises:
        InputError: with one fault for everything that is wrong.
    """
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        raise InputError(*_faults(error, model, key)) from None
    except InputError as error:
        raise InputError(*(Fault(fault.message, key=key) for fault in error.faults)) from None


def _faults(error: ValidationError, model: type[BaseModel], key: str) -> list[Fault]:
    faults = []
    for item in error.errors():
        place = ".".join([key, *(str(part) for part in item["loc"])])
        if item["type"] == "extra_forbidden" and len(item["loc"]) == 1:
            faults.append(Fault(unknown("parameter", str(item["loc"][0]), model.model_fields), key=key))
        elif item["type"] == "extra_forbidden":
            faults.append(Fault("there is no such parameter", key=place))
        else:
            message = item["msg"].removeprefix("Value error, ")
            faults.append(Fault(message[:1].lower() + message[1:] if message[:6] == "Input " else message, key=place))
    return faults


def _words(value: float, dimension: Dimension | None, bounds: Mapping[str, Any]) -> str:
    """Return a value for people; a temperature in the unit of its bounds."""
    if dimension is None:
        return repr(value)
    celsius = dimension is TEMPERATURE and any(str(bounds.get(side)).endswith("degC") for side in ("low", "high"))
    return pretty(value - 273.15, "degC") if celsius else pretty(value, dimension.unit)


def _bound(value: Any, dimension: Dimension | None) -> float | None:
    if value is None:
        return None
    return parse(value, dimension) if dimension is not None else float(value)
