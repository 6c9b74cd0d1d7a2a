"""Columns worked out from other columns of the result table, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field, field_validator

from femsuite.errors import InputError, unknown
from femsuite.material.formula import Formula, FormulaError
from femsuite.results.options import Options, Unit
from femsuite.units import registry

if TYPE_CHECKING:
    from femsuite.results.table import Table


class DerivedOptions(Options):
    """``[[derived]]``: a column worked out from other columns, such as a thermal resistance."""

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="the column's name")
    expression: str = Field(description="arithmetic of column names in SI units: (face - 295.15) / power")
    unit: Unit = Field("", description="of the result, SI")
    title: str | None = Field(None, description="words for axes and tables")

    @field_validator("expression")
    @classmethod
    def _readable(cls, text: str) -> str:
        try:
            Formula(text)
        except FormulaError as error:
            raise ValueError(str(error)) from error
        return text

    @field_validator("unit")
    @classmethod
    def _coherent(cls, unit: str) -> str:
        size = registry().Quantity(1.0, unit or "dimensionless").to_base_units().magnitude
        if abs(size - 1.0) > 1e-12:
            raise ValueError(f"'{unit}' is not an SI unit without prefix; columns are in SI, so write m, K/W, Pa, ...")
        return unit

    @property
    def names(self) -> frozenset[str]:
        """The columns the expression needs."""
        return Formula(self.expression).names


def add_derived(table: Table, options: Sequence[DerivedOptions]) -> Table:
    """Return the table with the derived columns, in the order given: a later one may use an earlier one.

    A row in which the arithmetic has no finite result (a resistance at zero power) is left empty.

    Raises:
        InputError: an expression names a column that the table does not have.
    """
    for one in options:
        formula = Formula(one.expression)
        missing = sorted(formula.names - set(table.columns))
        if missing:
            raise InputError(
                *(f"derived column '{one.name}': " + unknown("column", name, table.columns) for name in missing)
            )
        with np.errstate(all="ignore"):
            values = np.asarray(formula(dict(table.values)), dtype=float) * np.ones(len(table))
        values[~np.isfinite(values)] = np.nan
        table = table.with_column(one.name, one.unit, values.tolist(), over=one.expression, title=one.title or "")
    return table
