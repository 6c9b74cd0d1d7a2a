"""The rooms depend on each other in one direction, and heavy things are imported only where they are used."""

import ast
import re
import subprocess
import sys

import pytest

SUITE = "femsuite"


def sources(repository):
    return sorted((repository / SUITE).rglob("*.py"))


def imports(path, top_only=False):
    """Return the modules that a file imports; with ``top_only`` those that it imports when it is imported."""
    found = set()
    pending = [ast.parse(path.read_text(encoding="utf-8"))]
    while pending:
        for node in ast.iter_child_nodes(pending.pop()):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
            elif top_only and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            elif top_only and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                pending += [ast.Module(node.orelse, [])]
            else:
                pending.append(node)
    return found


def test_rooms_import_only_rooms_below_them(repository):
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "rooms"),
    [
        ("gmsh", {"geometry", "meshing"}),
        ("petsc4py", {"solve", "verify"}),
        ("pyvista", {"results", "topograph"}),
        ("vtk", {"results"}),
        ("vtkmodules", {"results"}),
        ("matplotlib", {"results", "topograph", "verify"}),
        ("xraylib", {"topograph"}),
        ("dolfinx_solver", {"__init__.py"}),
    ],
)
def test_a_library_is_imported_only_in_its_rooms(repository, module, rooms):
    found = {
        path.relative_to(repository / SUITE).parts[0]
        for path in sources(repository)
        if any(name.split(".")[0] == module for name in imports(path))
    }
    assert found <= rooms


def test_pictures_are_imported_only_when_one_is_drawn(repository):
    drawing = {"pyvista", "vtk", "vtkmodules", "matplotlib"}
    early = {
        str(path.relative_to(repository)): names
        for path in sources(repository)
        if (names := {name.split(".")[0] for name in imports(path, top_only=True)} & drawing)
    }
    assert not early


def test_reductions_go_through_the_parallel_room(repository):
    pattern = re.compile(r"\.(allreduce|Allreduce|bcast|Bcast|reduce|Reduce|exscan|Exscan)\(")
    allowed = {"parallel.py"}
    found = {
        f"{path.relative_to(repository)}: {line.strip()}"
        for path in sources(repository)
        if path.name not in allowed
        for line in path.read_text(encoding="utf-8").splitlines()
        if pattern.search(line) and "comm" in line
    }
    assert not found


def test_files_stay_short(repository):
    long = {
        str(path.relative_to(repository)): lines
        for folder in (SUITE, "geometries", "tests")
        for path in (repository / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
