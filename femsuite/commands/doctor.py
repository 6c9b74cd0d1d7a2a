"""``femsuite doctor``: what this machine lacks, and which package brings it."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from femsuite import parallel
from femsuite.commands.ranks import job_tasks
from femsuite.commands.screen import plain, screen, table

Verdict = Literal["good", "doubtful", "bad"]
COLOURS = {"good": "green", "doubtful": "yellow", "bad": "red"}

# Shared libraries that the wheels of gmsh and VTK load but do not carry, and the Debian package of each.
PACKAGES = {
    "libGLU.so.1": "libglu1-mesa",
    "libGL.so.1": "libgl1",
    "libXcursor.so.1": "libxcursor1",
    "libXinerama.so.1": "libxinerama1",
    "libXft.so.2": "libxft2",
    "libXrender.so.1": "libxrender1",
    "libXfixes.so.3": "libxfixes3",
    "libgomp.so.1": "libgomp1",
    "libEGL.so.1": "libegl1",
}


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Args:
        what: the thing that was looked at.
        verdict: ``bad`` when femsuite cannot work, ``doubtful`` when part of it cannot.
        told: what was found, and what to install.
    """

    what: str
    verdict: Verdict
    told: str


def main(arguments: argparse.Namespace) -> int:
    """Run all checks on rank 0 and show them; 1 when something that femsuite needs is missing."""

    def check() -> list[Finding]:
        return [look() for look in CHECKS]

    findings = parallel.on_root(check)
    shown = table("This machine", "what", "verdict", "found")
    for finding in findings:
        colour = COLOURS[finding.verdict]
        shown.add_row(finding.what, f"[{colour}]{finding.verdict}[/{colour}]", plain(finding.told))
    screen().print(shown)
    return 1 if any(finding.verdict == "bad" for finding in findings) else 0


def python() -> Finding:
    """The interpreter."""
    version = sys.version.split()[0]
    fits = (3, 12) <= sys.version_info[:2] < (3, 15)
    return Finding(
        "Python",
        "good" if fits else "bad",
        f"{version} at {sys.executable}" + ("" if fits else "; 3.12 to 3.14 is needed"),
    )


def solver() -> Finding:
    """DOLFINx and PETSc."""
    code = (
        "import femsuite, dolfinx; from petsc4py import PETSc; import numpy;"
        "print('DOLFINx', dolfinx.__version__, '· PETSc', '.'.join(map(str, PETSc.Sys.getVersion())),"
        "'·', numpy.dtype(PETSc.ScalarType).name); print('MUMPS' if PETSc.Sys.hasExternalPackage('mumps') else '')"
    )
    good, out, error = _run([sys.executable, "-c", code])
    if not good:
        hint = "run 'make setup', or see environment.yml for conda-forge"
        return Finding("DOLFINx", "bad", f"{_last(error)}; {hint}")
    about, mumps = ([*out.splitlines(), ""])[:2]
    if "complex" in about:
        return Finding("DOLFINx", "bad", f"{about}: real numbers are needed; install dolfinx-solver-real")
    return Finding(
        "DOLFINx", "good" if mumps else "doubtful", f"{about}{' · MUMPS' if mumps else '; PETSc lacks MUMPS'}"
    )


def ranks() -> Finding:
    """Whether two ranks can be started and see each other."""
    launcher = next((name for name in _launchers() if name), None)
    if launcher is None:
        return Finding("MPI", "doubtful", "there is no mpiexec; runs are serial. Install mpich")
    code = "import femsuite; from mpi4py import MPI; print(MPI.COMM_WORLD.allreduce(1))"
    good, out, error = _run([launcher, "-n", "2", sys.executable, "-c", code])
    if good and out.split() == ["2", "2"]:
        return Finding("MPI", "good", f"two ranks see each other ({launcher})")
    found = "each rank is alone: this mpiexec is of another MPI" if good else _last(error)
    return Finding("MPI", "doubtful", f"{launcher}: {found}; use the mpiexec beside this Python, or install mpich")


def _launchers() -> list[str | None]:
    beside = Path(sys.executable).with_name("mpiexec")
    return [str(beside) if beside.exists() else None, shutil.which("mpiexec")]


def slurm() -> Finding:
    """Whether a Slurm job's tasks are one MPI job."""
    tasks, size = job_tasks(), parallel.world().size
    if tasks is None:
        return Finding("Slurm", "good", "not inside a Slurm step")
    if tasks == size:
        return Finding("Slurm", "good", f"{tasks} tasks, {size} ranks")
    return Finding("Slurm", "bad", f"{tasks} tasks but {size} ranks; start with srun --mpi=pmi2, or mpiexec in the job")


def compiler() -> Finding:
    """The C compiler that turns weak forms into code, with the headers it needs."""
    words = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()
    if shutil.which(words[0]) is None:
        return Finding("C compiler", "bad", f"{words[0]} is not there; install gcc libc6-dev python3-dev")
    include = sysconfig.get_paths()["include"]
    with tempfile.TemporaryDirectory() as folder:
        for header, package in (("math.h", "libc6-dev"), ("Python.h", "python3-dev")):
            source = Path(folder) / "probe.c"
            source.write_text(f"#include <{header}>\nint probe(void) {{ return 0; }}\n")
            made = str(Path(folder) / "probe.so")
            good, _, error = _run([*words, "-shared", "-fPIC", f"-I{include}", str(source), "-o", made])
            if not good:
                return Finding("C compiler", "bad", f"{words[0]} fails on {header} ({_last(error)}); install {package}")
    return Finding("C compiler", "good", f"{shutil.which(words[0])} with the headers of Python and C")


def meshes() -> Finding:
    """Gmsh and the shared libraries it loads."""
    good, out, error = _run([sys.executable, "-c", "import gmsh; gmsh.initialize(); print(gmsh.__version__)"])
    if good:
        return Finding("gmsh", "good", out.strip())
    return Finding("gmsh", "bad", f"{_last(error)}{_remedy(error)}")


def pictures() -> Finding:
    """Pictures without a screen."""
    code = (
        "import pyvista; p = pyvista.Plotter(off_screen=True, window_size=(64, 48)); p.add_mesh(pyvista.Sphere());"
        "image = p.screenshot(return_img=True); assert image.std() > 1; print(p.render_window.GetClassName())"
    )
    environment = {**os.environ, "VTK_DEFAULT_OPENGL_WINDOW": "vtkEGLRenderWindow", "PYVISTA_OFF_SCREEN": "true"}
    good, out, error = _run([sys.executable, "-c", code], environment)
    if good:
        return Finding("pictures", "good", f"drawn off screen by {(out.split() or ['VTK'])[-1]}")
    return Finding(
        "pictures", "doubtful", f"runs work, pictures are left out: {_last(error)}{_remedy(error, 'libegl1 libgl1')}"
    )


def memory() -> Finding:
    """Cores, memory and shared memory."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return Finding("memory", "bad", "/proc is not mounted; MPI does not start without it")
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if ":" in line}
    free = kilobytes.get("MemAvailable", 0) / 1024**2
    told = (
        f"{free:.1f} GB free of {kilobytes.get('MemTotal', 0) / 1024**2:.1f} GB, {len(os.sched_getaffinity(0))} cores"
    )
    if not os.access("/dev/shm", os.W_OK):
        return Finding("memory", "bad", f"{told}; /dev/shm cannot be written, so ranks cannot talk: mount it")
    return Finding(
        "memory", "good" if free > 4.0 else "doubtful", told + ("" if free > 4.0 else "; large studies need more")
    )


def disk() -> Finding:
    """Room for results."""
    here = Path.cwd()
    free = shutil.disk_usage(here).free / 1024**3
    if not os.access(here, os.W_OK):
        return Finding("disk", "bad", f"{here} cannot be written; choose a folder with --out")
    return Finding("disk", "good" if free > 2.0 else "doubtful", f"{free:.0f} GB free under {here}")


CHECKS: tuple[Callable[[], Finding], ...] = (
    python, solver, ranks, slurm, compiler, meshes, pictures, memory, disk,
)  # fmt: skip


def _run(command: list[str], environment: dict[str, str] | None = None) -> tuple[bool, str, str]:
    """Run a command apart, so that a crash of it is a finding and not ours; return success, output, errors."""
    inherited = os.environ if environment is None else environment
    # A process started by mpiexec must not make its children believe that they are ranks of the same job.
    clean = {key: value for key, value in inherited.items() if not key.startswith(("PMI", "HYDRA", "MPI_LOCAL"))}
    try:
        done = subprocess.run(command, env=clean, capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, "", str(error)
    return done.returncode == 0, done.stdout, done.stderr or f"it ended with code {done.returncode}"


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no message"


def _remedy(error: str, otherwise: str = "") -> str:
    """Return which package brings the shared library that an error names."""
    missing = [PACKAGES[name] for name in re.findall(r"lib\w+\.so\.\d+", error) if name in PACKAGES]
    packages = " ".join(dict.fromkeys(missing)) or otherwise
    return f"; install {packages}" if packages else ""
