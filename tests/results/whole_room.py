"""The whole room on a real problem: heat conduction in a box, solved, with the answer known in closed form.

Conductivity 100 W/(m K), left face held at 300 K, a power P into the right face, the rest insulated:
T = 300 + P x / (k A). Used by the tests; ``compute(folder)`` by hand shows the report.
"""

from __future__ import annotations

from dataclasses import dataclass

import box_case
import ufl
from dolfinx import fem
from dolfinx.fem.petsc import LinearProblem

from femsuite.results import checkpoint
from femsuite.results.compare import compare
from femsuite.results.fields import FieldWriter
from femsuite.results.fits import add_metrics, fit
from femsuite.results.folder import RunFolder
from femsuite.results.options import CompareOptions, FitOptions, PlotOptions, QuantityOptions
from femsuite.results.plots import montage, plot
from femsuite.results.report import Assignment, Condition, Figures, Report, write_report
from femsuite.results.scene import Picture, SceneOptions, series
from femsuite.results.state import State
from femsuite.results.table import Metrics, Table, add_state
from femsuite.results.view import write_view

CONDUCTIVITY = 100.0
AREA = box_case.SIZE[1] * box_case.SIZE[2]
RESISTANCE = box_case.SIZE[0] / (CONDUCTIVITY * AREA)  # 20 K/W
POWERS = (0.0, 0.5, 1.0, 1.5, 2.0)
QUANTITIES = (
    QuantityOptions(name="hot_face", field="temperature", over="right", unit="degC", title="Hot face"),
    QuantityOptions(name="die_mean", field="temperature", over="die", unit="degC", title="Die, mean"),
    QuantityOptions(name="peak_stress", field="stress.von_mises", over="die", kind="maximum"),
    QuantityOptions(name="bow", field="displacement", over="top", kind="bow", title="Bow of the top"),
)


@dataclass(frozen=True)
class Used:
    """A number of a material, as the material room hands it over."""

    material: str
    property: str
    value: float
    unit: str
    status: str
    reference: str
    used: tuple[float, float]
    valid: tuple[float, float] | None
    extrapolated: tuple[tuple[float, float], ...]
    note: str = ""


def solve(tagged, power):
    """Return the state at one power (W): temperature solved, displacement and stress proportional to the power."""
    space = fem.functionspace(tagged.mesh, ("Lagrange", 2))
    u, v = ufl.TrialFunction(space), ufl.TestFunction(space)
    left = fem.locate_dofs_topological(space, 2, tagged.facets("left"))
    fixed = fem.dirichletbc(300.0, left, space)
    a = CONDUCTIVITY * ufl.inner(ufl.grad(u), ufl.grad(v)) * tagged.measure("dx", 2)
    load = fem.Constant(tagged.mesh, power / AREA) * v * tagged.measure("ds", 2)(tagged.select_facets("right"))
    options = {"ksp_type": "preonly", "pc_type": "lu", "pc_factor_mat_solver_type": "mumps"}
    problem = LinearProblem(a, load, bcs=[fixed], petsc_options=options, petsc_options_prefix="whole_room_")
    temperature = problem.solve()
    assert problem.solver.getConvergedReason() > 0
    made_up = box_case.make_state(tagged, 2, power)
    return State(
        f"power={power:g} W", "power", {"power": power}, 0.0, temperature, made_up.displacement, made_up.fields
    )


def compute(path, cell="tetrahedron", divisions=(8, 4, 4)):
    """Run it all into a run folder; collective."""
    with RunFolder.open(path, "name = 'box'\n", "name = 'box'\n", f"{cell} {divisions}") as folder:
        if folder.unchanged:
            return folder
        with folder.phase("mesh"):
            tagged = box_case.box(cell, divisions)
            folder.note(sizes={"cells": tagged.mesh.topology.index_map(3).size_global})
        table, states = Table(), []
        with folder.phase("stages"):
            writer = FieldWriter(folder / "fields", tagged, ["temperature", "displacement", "stress", "heat_flux"])
            for power in POWERS:
                state = solve(tagged, power)
                table = add_state(table, state, QUANTITIES, tagged)
                writer.write(state)
                states.append(state)
                folder.note_solve({"physics": "heat", "preset": "direct", "iterations": 1, "residual": 1e-15,
                                   "seconds": 0.01, "reason": "direct solve"})  # fmt: skip
            checkpoint.write(folder / "checkpoint" / "state.h5", tagged.mesh, states[-1].functions(), {"power": 2.0})
        with folder.phase("tables, pictures, report"):
            report_on(folder, tagged, states, table)
    return folder


def report_on(folder, tagged, states, table):
    """Write tables, metrics, pictures and report; collective."""
    fits = {
        "face": fit(FitOptions(name="face", x="power", y="hot_face"), table),
        "onset": fit(FitOptions(name="onset", x="power", y="bow", model="square_above_threshold"), table),
        "short": fit(FitOptions(name="short", x="power", y="bow", x_range=("1 W", "1.5 W")), table),
    }
    metrics = Metrics()
    metrics.add_table(table)
    for one in fits.values():
        add_metrics(metrics, one)
    metrics.write(folder / "metrics.json")
    table.write(folder / "tables")
    drawn = PlotOptions(
        name="hot_face", title="Hot face against power", x="power", y=["hot_face", "die_mean"], fits=["face"],
        y_label="Temperature",
        lines=[{"slope": "20 K/W", "slope_uncertainty": "2 K/W", "intercept": "26.85 degC", "source": "by hand"}],
        points=[{"x": ["1 W", "2 W"], "y": ["48 degC", "65 degC"], "y_uncertainty": "3 K", "label": "measured"}],
    )  # fmt: skip
    plots = [plot(drawn, table, fits, folder / "images")]
    scenes = series(SceneOptions("temperature", warp=None), [states[1], states[-1]], tagged, folder / "images")
    scenes += series(SceneOptions("displacement.z"), [states[-1]], tagged, folder / "images")
    good = [(one.path, one.caption) for one in scenes if one.path is not None]
    side = [Picture(montage(good, folder / "images" / "montage.png"), "All three side by side.")] if good else []
    compared = compare(
        [
            CompareOptions(metric="fit.face.slope", published="20 K/W", uncertainty="1 K/W", source="by hand",
                           title="thermal resistance"),
            CompareOptions(metric="hot_face", at="power=2 W", published="64 degC", uncertainty="2 K"),
            CompareOptions(metric="bow", at="power=2 W", published="0.3 um", within=0.1, source="Fig. 3"),
            CompareOptions(metric="die_mean", at="power=1 W", published="36.85 degC", uncertainty="0.5 K"),
            CompareOptions(metric="fit.short.slope", published="1 um/W", note="too few points on purpose"),
        ],
        metrics, calibrated=["die_mean"], reasons={"fit.short": fits["short"].reason},
    )  # fmt: skip
    write_view(folder.path)
    write_report(
        Report(
            title="A box heated at one end",
            description="Heat conduction with a known answer, which shows every part of a report.",
            source="nothing; the answer is known in closed form",
            comparisons=compared,
            figures=[Figures("Plots", [Picture(path, "Hot face with fit and published line.") for path in plots]),
                     Figures("Fields", scenes), Figures("Side by side", side)],
            table=table,
            fits=list(fits.values()),
            materials=[
                Used("Si", "thermal_conductivity", 100.0, "W/(m K)", "published", "A. Author, J. Things 1 (1999)",
                     (300.0, 340.0), (100.0, 600.0), ()),
                Used("EMC", "expansion_tangent", 1.2e-5, "1/K", "estimate", "typical of its class", (295.0, 470.0),
                     (295.0, 440.0), ((440.0, 470.0),), "glass transition not measured"),
            ],
            assignments=[Assignment("die", "Si", "175 degC", "[1 1 1] along z"),
                         Assignment("mould", "EMC", "175 degC")],
            conditions=[Condition("temperature", "left", "300 K", "published"),
                        Condition("film", "top", "90 W/(m² K) to 22 °C", "estimate", "calibrated")],
            balances={"balance.heat": 3e-12, "balance.force": 2e-7, "balance.recovered_flux_gap": 0.03},
            allowed={"balance.heat": 1e-6, "balance.force": 1e-8},
            calibration="The film coefficient was found as 91 W/(m² K) so that the resistance is 73 K/W.",
            notes=["The stress follows the total law, which was asked for by name."],
        ),
        folder,
    )  # fmt: skip
