"""What a run was made with: versions, git state, machine, and the memory it took."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import platform
import resource
import socket
import subprocess
from typing import Any

import femsuite
from femsuite import library, parallel

_PACKAGES = (
    "dolfinx-solver-real",
    "fenics-dolfinx",
    "fenics-basix",
    "fenics-ffcx",
    "fenics-ufl",
    "gmsh",
    "mpi4py",
    "mpich",
    "numpy",
    "scipy",
    "numba",
    "pyvista",
    "vtk",
    "h5py",
    "xraylib",
)


def versions() -> dict[str, str]:
    """Return the version of the suite, of Python, of MPI and of every package a result depends on."""
    from mpi4py import MPI

    found = {"femsuite": femsuite.__version__, "python": platform.python_version()}
    for name in _PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    with contextlib.suppress(ImportError):
        import dolfinx

        found["dolfinx"] = dolfinx.__version__
    found["MPI"] = MPI.Get_library_version().splitlines()[0].strip().rstrip("\x00")
    return found


def git_state() -> dict[str, Any] | None:
    """Return commit and whether files differ from it, of the checkout the suite runs from; None outside of one."""
    folder = library.root()
    if not (folder / ".git").exists():
        return None

    def git(*words: str) -> str:
        command = ["git", "--no-optional-locks", "-C", str(folder), *words]  # reading must not touch the index
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
        return done.stdout.rstrip()

    try:
        changed = git("status", "--porcelain", "--untracked-files=no").splitlines()
        return {"commit": git("rev-parse", "HEAD"), "changed_files": [line[3:] for line in changed][:50]}
    except (OSError, subprocess.SubprocessError):
        return None


def machine() -> dict[str, Any]:
    """Return where the run took place: host, system, processors and ranks."""
    return {
        "host": socket.gethostname(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "ranks": parallel.world().size,
        "threads": os.environ.get("OMP_NUM_THREADS"),
    }


def process_start(pid: int) -> str | None:
    """Return the kernel's start time of a process, which tells a reused number apart; None if it does not run."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def reset_peak_memory() -> None:
    """Start the peak of this process's memory anew, where the kernel can do that."""
    with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def peak_memory() -> float:
    """Return the peak of resident memory of this process since the last reset, in bytes."""
    with contextlib.suppress(OSError), open("/proc/self/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) * 1024.0
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1024.0
