"""The command line as a user meets it: what it prints, its exit codes, never a traceback."""

import json
import subprocess
import sys
import time

import pytest

from femsuite import cli, library
from femsuite.commands.list import about
from femsuite.errors import InputError, SolveError

GOOD = library.names("studies", ".toml")["lm3046/power_sweep"]


def run(*arguments, folder=None):
    """Run the command line apart, as a user does."""
    command = [sys.executable, "-m", "femsuite", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def refused(capsys):
    """Return a function that runs a command that must end with code 2 and a sentence, and returns the sentence."""

    def refuse(*arguments):
        assert cli.main([str(argument) for argument in arguments]) == 2
        told = capsys.readouterr()
        assert "Traceback" not in told.err + told.out
        assert told.err.startswith("femsuite: ")
        return told.err

    return refuse


def changed(folder, *changes, name="study.toml"):
    """Write the flagship study with texts replaced."""
    text = GOOD.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("refinement =", "refinment =", "there is no key 'refinment'; did you mean 'refinement'?"),
        ('ambient = "22 degC"', 'ambient = "22 kg"', '"22 kg" is not a temperature'),
        ('ambient = "22 degC"', "ambient = 22", "22 has no unit"),
        ('"Ag_epoxy"', '"Ag_epoxi"', "there is no material 'Ag_epoxi'; did you mean 'Ag_epoxy'?"),
        ("pins = 14", 'pins = 14\nbody_height = "-1 mm"', "body_height"),
        ("pins = 14", 'pins = 14\ndie_length = "30 mm"', "die"),
        ("format = 1", "format = 7", "this study has format 7"),
    ],
)
def test_a_wrong_study_is_told_with_file_and_line_and_ends_with_code_2(tmp_path, refused, old, new, words):
    path = changed(tmp_path, (old, new))
    told = refused("check", path)
    assert words in told
    assert f"{path}:" in told


def test_many_faults_are_told_in_one_go(tmp_path, refused):
    path = changed(
        tmp_path, ("refinement =", "refinment ="), ('ambient = "22 degC"', "ambient = 22"), ('"Ag_epoxy"', '"Agepoxy"')
    )
    told = refused("run", path, "--set", "solver.heat=dirct", "--out", tmp_path / "out")
    assert len(told.strip().splitlines()) == 4
    assert "--set solver.heat=dirct: solver.heat: there is no choice 'dirct'; did you mean 'direct'?" in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "this file is empty"), (b"\x00\x01\x02", "binary"), (b"\xff\xfe\xe4", "not UTF-8")]
)
def test_a_file_that_is_no_text_is_told(tmp_path, refused, content, words):
    path = tmp_path / "study.toml"
    path.write_bytes(content)
    assert words in refused("check", path)


def test_a_wrong_override_is_told(refused):
    assert "write key=value" in refused("check", "power_sweep", "--set", "nonsense")
    assert "there is no entry 9" in refused(
        "check", "power_sweep", "--set", "heat.conditions.9.coefficient=1 W/(m^2 K)"
    )


def test_an_unknown_study_geometry_or_material_is_told_the_nearest(refused):
    assert "did you mean 'lm3046/power_sweep'?" in refused("check", "lm3046/power_swep")
    assert "did you mean 'soic_package'?" in refused("show", "soic_packge")


def test_a_process_ends_with_the_code_and_the_sentence():
    done = run("check", "power_sweep", "--set", "heat.ambient=22")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("femsuite: --set heat.ambient=22: heat.ambient: 22 has no unit")


def test_an_unknown_command_ends_with_code_2():
    done = run("compute")
    assert done.returncode == 2
    assert "invalid choice" in done.stderr


def test_help_and_list_answer_at_once():
    """Half a second on an idle machine; the least of three tries, because the machine may be busy."""
    for arguments in (["--help"], ["list"]):
        seconds = []
        for _ in range(3):
            begun = time.perf_counter()
            assert run(*arguments).returncode == 0
            seconds.append(time.perf_counter() - begun)
        assert min(seconds) < 1.5, (arguments, seconds)


def test_the_list_names_everything_that_is_shipped():
    told = run("list").stdout
    for room, suffix in (("studies", ".toml"), ("geometries", ".py"), ("materials", ".toml")):
        names = library.names(room, suffix)
        assert f"{room} ({len(names)})" in told
        for name, file in names.items():
            assert name in told
            assert about(room, file) not in ("", "(cannot be read)"), name
    assert run("list", "materials", "--plain").stdout.split() == list(library.names("materials", ".toml"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Si", ["thermal_conductivity", "published", "W/(m K)", "cubic", "Sources"]),
        ("soic_package", ["pins", "body_height", "1.2 mm to 1.65 mm", "JEDEC"]),
        ("power_sweep", ["lead_*", "power=1.5 W", "face_mean_temperature", "[2, -2, 0] of die"]),
    ],
)
def test_show_prints_materials_geometries_and_studies(capsys, name, words):
    assert cli.main(["show", name]) == 0
    told = capsys.readouterr().out
    for word in words:
        assert word in told, word


@pytest.mark.parametrize("name", sorted(library.names("materials", ".toml")))
def test_every_material_can_be_shown(name, capsys):
    assert cli.main(["show", name]) == 0
    assert name in capsys.readouterr().out


def test_the_schema_knows_the_keys_of_the_flagship(capsys):
    assert cli.main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["additionalProperties"] is False
    assert {"geometry", "regions", "stages", "topograph"} <= set(schema["properties"])
    ambient = schema["$defs"]["Heat"]["properties"]["ambient"]
    assert ambient["type"] == "string"
    assert ambient["examples"] == ["25 degC"]


def test_the_page_of_keys_is_up_to_date(repository, capsys):
    assert cli.main(["schema", "--keys"]) == 0
    page = (repository / "docs" / "reference" / "study-keys.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == page, "run `make docs`"


def _raise(error):
    def main(_arguments):
        raise error

    return main


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (InputError("the die is too large"), 2, "femsuite: the die is too large"),
        (SolveError("heat at t = 1 s did not converge"), 3, "femsuite: heat at t = 1 s did not converge"),
        (KeyboardInterrupt(), 130, "femsuite: stopped"),
        (RuntimeError("a bug"), 1, "RuntimeError: a bug\nThis should not happen. Details are in "),
    ],
)
def test_each_kind_of_error_has_its_exit_code_and_no_traceback(monkeypatch, capsys, error, code, words):
    from femsuite.commands import list as command

    monkeypatch.setattr(command, "main", _raise(error))
    assert cli.main(["list"]) == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told


def test_details_of_a_bug_are_kept_in_a_file(monkeypatch, capsys):
    from pathlib import Path

    from femsuite.commands import list as command

    monkeypatch.setattr(command, "main", _raise(RuntimeError("a bug")))
    cli.main(["list"])
    log = Path(capsys.readouterr().err.strip().rpartition(" ")[2])
    assert "RuntimeError: a bug" in log.read_text()
    assert "Traceback" in log.read_text()
    log.unlink()


def test_debug_shows_the_traceback(monkeypatch, capsys):
    from femsuite.commands import list as command

    monkeypatch.setattr(command, "main", _raise(InputError("wrong")))
    assert cli.main(["list", "--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err
