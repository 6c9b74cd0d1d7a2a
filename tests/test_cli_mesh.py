"""``femsuite check`` and ``femsuite mesh`` on the flagship study, coarsely meshed."""

import re

import pytest

from femsuite import cli, library

COARSE = ["--set", "mesh.refinement=0.3"]


def test_check_shows_regions_materials_surfaces_doubts_and_cost(capsys):
    assert cli.main(["check", "power_sweep", *COARSE]) == 0
    told = capsys.readouterr().out
    for words in ("Cu_leadframe_C194", "source_Q5", "body_top", "film, radiation", "expansion_tangent", "estimate"):
        assert words in told, words
    cells = int(re.search(r"(\d+) cells, 9 states", told).group(1))
    unknowns = [int(found) for found in re.findall(r"(\d+) unknowns", told)]
    assert 500 < cells < 50_000
    assert unknowns[1] == 3 * unknowns[0]
    assert "The study is sound" in told


def test_check_tells_all_names_that_the_mesh_does_not_have(capsys):
    wrong = [
        "heat.conditions.0.surface=body_tpo",
        'regions.dei={ material = "EMC", stress_free_temperature = "175 degC" }',
    ]
    wrong += ["quantities.0.over=bodytop"]
    arguments = [part for text in wrong for part in ("--set", text)]
    assert cli.main(["check", "power_sweep", *COARSE, *arguments]) == 2
    told = capsys.readouterr().err
    assert "--set heat.conditions.0.surface=body_tpo: heat.conditions.0.surface: " in told
    assert "'body_tpo'" in told
    assert "did you mean 'body_top'?" in told
    assert "there is no region 'dei'" in told
    assert "quantities.0" in told
    assert "Traceback" not in told


def test_what_only_the_mesh_shows_is_told_with_the_line_of_the_study(capsys, tmp_path):
    text = library.names("studies", ".toml")["lm3046/power_sweep"].read_text(encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(text.replace('surface = "body_*"', 'surface = "bodies_*"'), encoding="utf-8")
    assert cli.main(["check", str(path), *COARSE]) == 2
    line = next(number for number, one in enumerate(text.splitlines(), 1) if 'surface = "body_*"' in one)
    assert f"{path}:{line}: heat.conditions.1.surface: " in capsys.readouterr().err


def test_check_tells_a_current_without_a_way_out_before_anything_is_solved(capsys):
    coarse = ["--set", 'geometry.parameters.foot_size="20 um"']
    assert cli.main(["check", "via/opening", *coarse, "--set", 'electric.conductors=["pad", "lead"]']) == 2
    told = capsys.readouterr().err
    assert "opening.toml:" in told
    assert "electric.terminals.feed: the terminal 'feed' gives 25 A, and no conductor leads from it" in told
    assert cli.main(["check", "via/opening", *coarse]) == 0


@pytest.mark.parametrize("suffix", [".inp", ".vtu"])
def test_mesh_shows_the_quality_and_writes_a_copy_for_other_codes(capsys, tmp_path, suffix):
    target = tmp_path / f"package{suffix}"
    assert cli.main(["mesh", "power_sweep", *COARSE, "--export", str(target)]) == 0
    told = capsys.readouterr().out
    assert "tetrahedron cells" in told
    assert "attach|die" in told
    assert f"Written to {target}" in told
    assert target.stat().st_size > 10_000


def test_a_copy_of_unknown_kind_is_refused(capsys, tmp_path):
    assert cli.main(["mesh", "power_sweep", *COARSE, "--export", str(tmp_path / "package.xyz")]) == 2
    assert ".inp" in capsys.readouterr().err
