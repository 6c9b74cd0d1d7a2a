import dolfinx.fem.petsc as fem_petsc
import numpy as np
import pytest
import ufl
from dolfinx import fem, mesh
from petsc4py import PETSc

from femsuite.solve import multigrid
from femsuite.solve.assembly import assemble_matrix, compile_form, create_matrix, fixed_dofs
from femsuite.verify.bodies import box

pytestmark = pytest.mark.mpi

CELLS = ["triangle", "quadrilateral", "tetrahedron", "hexahedron"]


def space_on(cell, comm, vector):
    dimension = 2 if cell in CELLS[:2] else 3
    tagged = box((1.0,) * dimension, (3, 2, 2)[:dimension], cell, comm=comm)
    return fem.functionspace(tagged.mesh, ("Lagrange", 2, (dimension,)) if vector else ("Lagrange", 2))


@pytest.mark.parametrize("vector", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_prolongation_equals_interpolation_of_linear_functions(cell, vector, comm):
    space = space_on(cell, comm, vector)
    transfer = multigrid.prolongation(space)
    reference = fem_petsc.interpolation_matrix(transfer.coarse, space)
    reference.assemble()
    difference = reference - transfer.matrix
    assert difference.norm(PETSc.NormType.NORM_INFINITY) < 1e-14


@pytest.mark.parametrize("cell", CELLS)
def test_coarse_assembly_equals_galerkin_product_with_fixed_unknowns(cell, comm):
    space = space_on(cell, comm, vector=True)
    size = space.dofmap.index_map_bs
    # the first component is held on one face only, so that nodes are fixed in part
    facets = mesh.locate_entities_boundary(space.mesh, size - 1, lambda x: x[0] < 1e-9)
    part = space.sub(0)
    bcs = [fem.dirichletbc(0.0, fem.locate_dofs_topological(part, size - 1, facets), part)]
    fixed = fixed_dofs(bcs)
    # one rule for both levels
    dx = ufl.Measure("dx", space.mesh, metadata={"quadrature_degree": 2 if cell in ("triangle", "tetrahedron") else 4})

    def form(on):
        trial, test = ufl.TrialFunction(on), ufl.TestFunction(on)
        return compile_form((ufl.inner(ufl.grad(trial), ufl.grad(test)) + ufl.inner(trial[0], test[1])) * dx)

    fine = form(space)
    operator = assemble_matrix(create_matrix(fine), fine, bcs)
    transfer = multigrid.prolongation(space, fixed)
    coarse_form = form(transfer.coarse)
    coarse = assemble_matrix(create_matrix(coarse_form), coarse_form)
    held = multigrid.coarse_fixed(transfer, space, fixed)
    first, owned = transfer.coarse.dofmap.index_map.local_range[0] * size, transfer.matrix.getLocalSize()[1]
    coarse.zeroRowsColumns((held[held < owned] + first).astype(np.int32), diag=1.0)
    product = operator.ptap(transfer.matrix)
    difference = product - coarse
    assert difference.norm() < 1e-12 * product.norm()
