import femsuite  # noqa: F401, I001  (first: it loads the solver library that DOLFINx needs)

import box_case
import pytest
from mpi4py import MPI


@pytest.fixture(params=["tetrahedron", "hexahedron"])
def tagged(request):
    return box_case.box(request.param)


@pytest.fixture
def shared(tmp_path):
    """One folder for all ranks."""
    return MPI.COMM_WORLD.bcast(tmp_path, root=0)
