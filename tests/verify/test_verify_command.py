import json
import math

import pytest

from femsuite import cli
from femsuite.conditions import Film
from femsuite.errors import SolveError
from femsuite.material.material import Material
from femsuite.verify import CASES, harness, mutate, tables
from femsuite.verify.mutations import MUTATIONS, PHYSICS, Mutation, times
from femsuite.verify.row import Row


def verify(*arguments):
    return cli.main(["verify", *map(str, arguments)])


def test_command_runs_cases_and_keeps_their_rows(tmp_path, capsys):
    files = tmp_path / "rows.json", tmp_path / "rows.md"
    assert verify("--only", "*.[TE]-9", "--json", files[0], "--markdown", files[1]) == 0
    rows = json.loads(files[0].read_text())
    assert {row["case"] for row in rows} == {"thermal.T-9", "elastic.E-9"}
    assert all(row["passed"] is True and row["path"] == "FE" for row in rows)
    assert set(rows[0]) >= {"case", "quantity", "expected", "got", "error", "tolerance", "passed", "path"}
    assert files[1].read_text().count("\n") == len(rows) + 2
    assert f"{len(rows)} rows, 0 failed" in capsys.readouterr().out


def test_a_wrong_modulus_gives_failed_rows_and_exit_code_one(tmp_path, monkeypatch):
    monkeypatch.setattr(Material, "stiffness_coefficients", times(1.05)(Material.stiffness_coefficients))
    file = tmp_path / "rows.json"
    assert verify("--only", "elastic.E-9", "--json", file) == 1
    failed = {row["quantity"]: row["error"] for row in json.loads(file.read_text()) if not row["passed"]}
    assert failed == pytest.approx({"E <110>, Pa": 0.05, "E <111>, Pa": 0.05})


def test_a_case_that_cannot_be_computed_is_a_failed_row(tmp_path, monkeypatch):
    def stuck():
        raise SolveError("heat: no convergence")

    monkeypatch.setattr(harness, "function", lambda name: stuck)
    file = tmp_path / "rows.json"
    assert verify("--only", "thermal.T-9", "--json", file) == 1
    (row,) = json.loads(file.read_text())
    assert row["quantity"] == "could not be computed: heat: no convergence"
    assert (row["got"], row["error"], row["passed"]) == (None, None, False)


@pytest.mark.parametrize("more", [[], ["--mutate"]])
def test_unknown_names_are_input_errors(more, capsys):
    assert verify("--only", "sign of the flim", *more) == 2
    assert "sign of the flim" in capsys.readouterr().err


def test_a_mutation_is_caught_by_a_row_of_the_finite_element_path(tmp_path):
    file = tmp_path / "verdicts.json"
    right = Film.__dict__["numbers"]
    assert verify("--mutate", "--only", "sign of the film", "--json", file) == 0
    (verdict,) = json.loads(file.read_text())
    assert verdict["caught"] is True
    assert verdict["red"] == ["thermal.T-9: resistance of a wall of three layers"]
    assert verdict["red_fe"] == 1
    assert Film.__dict__["numbers"] is right


def test_a_mutation_that_survives_gives_exit_code_one(monkeypatch, capsys):
    harmless = Mutation("nothing at all", "heat", "conditions.film:Film.numbers", lambda right: right, ("thermal.T-9",))
    monkeypatch.setattr(mutate, "MUTATIONS", (harmless,))
    assert verify("--mutate") == 1
    said = capsys.readouterr().out
    assert "no case notices: nothing at all" in said
    assert "no mutation of heat turns a row of the finite-element path red" in said


def test_a_row_that_was_red_before_does_not_count_as_caught():
    case = "thermal.T-9"
    mutation = next(item for item in MUTATIONS if item.name == "sign of the film")
    already_red = [Row(case, row.quantity, 0.0, 1.0, 1e-9, "absolute") for row in harness.function(case)()]
    assert not mutate.judge(mutation, {case: already_red}).caught


def test_mutations_leave_no_cached_numbers_behind():
    mutation = next(item for item in MUTATIONS if item.name == "crystal turned the other way")
    rows = harness.run_cases("elastic.E-9")
    assert mutate.judge(mutation, {"elastic.E-9": rows}).caught
    assert harness.run_cases("elastic.E-9") == rows


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_mutation_names_a_function_that_exists_and_cases_that_exist(mutation):
    owner, attribute = mutate.find(mutation.target)
    assert hasattr(owner, attribute)
    assert mutation.cases
    assert set(mutation.cases) <= set(CASES)


def test_every_physics_is_mutated_in_several_ways():
    for physics in PHYSICS:
        assert sum(mutation.physics == physics for mutation in MUTATIONS) >= 5
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS)


def test_page_describes_every_case_and_every_mutation(repository):
    page = (repository / "docs" / "verification.md").read_text(encoding="utf-8")
    for name in CASES:
        assert f"**{name}**: {harness.description(name).replace('``', '`').splitlines()[0]}" in page
        assert f"| {name} |" in page
    for mutation in MUTATIONS:
        assert f"| {mutation.name} |" in page
    assert "**no**" not in page


@pytest.mark.parametrize(
    ("kind", "expected", "got", "error"),
    [("relative", -2.0, -1.0, 0.5), ("absolute", 2.0, 1.5, 0.5), ("at_most", 0.0, -0.5, 0.5)],
)
def test_error_of_a_row_is_what_its_kind_says(kind, expected, got, error):
    row = Row("case", "quantity", expected, got, 0.5, kind)
    assert row.error == error
    assert row.passed
    assert not Row("case", "quantity", expected, got, 0.49, kind).passed
    assert not Row("case", "quantity", expected, math.nan, 0.5, kind).passed


def test_rounding_is_not_shown_as_digits_but_never_hides_a_failure():
    shown = tables.markdown(
        [Row("a", "below", 0.0, 3e-14, 1e-12, "at_most"), Row("b", "above", 0.0, 3e-11, 1e-12, "at_most")]
    ).splitlines()[2:]
    assert "< 1e-12" in shown[0]
    assert "yes" in shown[0]
    assert "3e-11" in shown[1]
    assert "**no**" in shown[1]


@pytest.mark.mpi
@pytest.mark.parametrize("name", ["thermal.T-9", "elastic.E-4", "elastic.E-9", "balance.mechanics"])
def test_cases_are_met_on_any_number_of_ranks(name):
    """Among them one whose mesh comes from a geometry file, and one that reads a single vertex's stress."""
    assert all(row.passed for row in harness.run_cases(name))
