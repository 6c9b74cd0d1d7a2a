"""What all tests share: one thread per rank, pictures without a screen, a working folder that is thrown away."""

import os

# Before numpy, VTK or DOLFINx are imported anywhere.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
os.environ.setdefault("PYVISTA_OFF_SCREEN", "true")
os.environ.setdefault("MPLBACKEND", "Agg")

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from mpi4py import MPI

import femsuite  # noqa: F401 - loads the solver's own libraries first

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def comm() -> MPI.Intracomm:
    """The communicator of the test run."""
    return MPI.COMM_WORLD


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture
def shared_folder(comm: MPI.Intracomm) -> Iterator[Path]:
    """An empty folder that is the same on all ranks (``tmp_path`` differs from rank to rank)."""
    name = comm.bcast(tempfile.mkdtemp(prefix="femsuite-test-") if comm.rank == 0 else None, root=0)
    yield Path(name)
    comm.Barrier()
    if comm.rank == 0:
        shutil.rmtree(name, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def _mesh_cache() -> Iterator[None]:
    """Meshes of the tests are cached apart from the user's, in a folder of this test run."""
    comm = MPI.COMM_WORLD
    name = comm.bcast(tempfile.mkdtemp(prefix="femsuite-cache-") if comm.rank == 0 else None, root=0)
    before = os.environ.get("FEMSUITE_CACHE")
    os.environ["FEMSUITE_CACHE"] = name
    yield
    if before is None:
        os.environ.pop("FEMSUITE_CACHE")
    else:
        os.environ["FEMSUITE_CACHE"] = before
    comm.Barrier()
    if comm.rank == 0:
        shutil.rmtree(name, ignore_errors=True)
