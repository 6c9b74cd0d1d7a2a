import numpy as np
import pytest
import ufl
from dolfinx import fem, mesh

from femsuite.errors import SolveError
from femsuite.solve.assembly import assemble_matrix, assemble_vector, compile_form, create_matrix, lift
from femsuite.solve.linear import LinearSolver
from femsuite.solve.monitor import Monitor
from femsuite.solve.norms import norm
from femsuite.solve.presets import choose
from femsuite.verify.bodies import box


class Elasticity:
    """A clamped or free cube under gravity or a self-balanced load."""

    def __init__(self, comm, cell="tetrahedron", order=2, free=False, blocked=True):
        tagged = box((1.0, 1.0, 0.5), (4, 4, 2), cell, comm=comm)
        self.space = fem.functionspace(tagged.mesh, ("Lagrange", order, (3,)))
        u, v = ufl.TrialFunction(self.space), ufl.TestFunction(self.space)
        strain = ufl.sym(ufl.grad(u))
        self.stiffness = fem.Constant(tagged.mesh, 1.0)
        energy = 2 * ufl.inner(strain, ufl.grad(v)) + ufl.div(u) * ufl.div(v)
        self.form = compile_form(self.stiffness * energy * ufl.dx)
        x = ufl.SpatialCoordinate(tagged.mesh)
        load = x[0] * x[2] * ufl.div(v) if free else -v[2] + 0.3 * v[0]
        self.bcs = []
        if not free:
            facets = tagged.facets("left")
            dofs = fem.locate_dofs_topological(self.space, 2, facets)
            self.bcs = [fem.dirichletbc(np.array([0.1, 0.0, 0.0]), dofs, self.space)]
        self.matrix = assemble_matrix(create_matrix(self.form, blocked), self.form, self.bcs)
        self.load = assemble_vector(compile_form(load * ufl.dx))
        lift(self.load, self.form, self.bcs)
        self.u = fem.Function(self.space)
        self.monitor = Monitor()

    def solver(self, preset, **options):
        options = {"rigid_modes": True, "bcs": self.bcs, "monitor": self.monitor} | options
        return LinearSolver(self.space, "mechanics", preset=preset, **options)

    def size(self):
        owned = self.space.dofmap.index_map.size_local * 3
        return norm(self.u.x.array[:owned], self.space.mesh.comm)


@pytest.mark.mpi
def test_all_presets_give_the_same_displacement(comm):
    body, sizes = Elasticity(comm), []
    for preset in ("direct", "multigrid", "jacobi"):
        solver = body.solver(preset)
        solver.set_operator(body.matrix)
        record = solver.solve(body.load, body.u.x.petsc_vec)
        assert record.residual < 1e-9
        sizes.append(body.size())
    np.testing.assert_allclose(sizes, sizes[0], rtol=1e-8)
    assert len(body.monitor.solves) == 3
    assert [record.preset for record in body.monitor.solves] == ["direct", "multigrid", "jacobi"]


@pytest.mark.mpi
@pytest.mark.parametrize("preset", ["direct", "multigrid"])
def test_free_body_comes_without_rigid_motion(preset, comm):
    body = Elasticity(comm, free=True)
    solver = body.solver(preset, free=True)
    assert solver.motions.shape[1] == 6
    solver.set_operator(body.matrix)
    solver.solve(body.load, body.u.x.petsc_vec)
    vector = body.u.x.petsc_vec.array_r
    along = comm.allreduce(solver.motions.T @ vector)
    assert np.abs(along).max() < 1e-12
    reference = Elasticity(comm, free=True)
    direct = reference.solver("direct", free=True)
    direct.set_operator(reference.matrix)
    direct.solve(reference.load, reference.u.x.petsc_vec)
    assert body.size() == pytest.approx(reference.size(), rel=1e-8)


def test_linear_elements_use_algebraic_multigrid(comm):
    body = Elasticity(comm, order=1, blocked=False)
    solver = body.solver("multigrid")
    solver.set_operator(body.matrix)
    assert solver.solve(body.load, body.u.x.petsc_vec).preset == "algebraic"


def test_nonsymmetric_problem_is_solved_by_flexible_gmres(comm):
    tagged = box((1.0, 1.0), (8, 8), "triangle", comm=comm)
    space = fem.functionspace(tagged.mesh, ("Lagrange", 2))
    u, v = ufl.TrialFunction(space), ufl.TestFunction(space)
    flow = ufl.as_vector([1.0, 2.0])
    form = compile_form((ufl.inner(ufl.grad(u), ufl.grad(v)) + ufl.inner(ufl.dot(flow, ufl.grad(u)), v)) * ufl.dx)
    facets = mesh.exterior_facet_indices(tagged.mesh.topology)
    bcs = [fem.dirichletbc(300.0, fem.locate_dofs_topological(space, 1, facets), space)]
    matrix = assemble_matrix(create_matrix(form), form, bcs)
    load = assemble_vector(compile_form(v * ufl.dx))
    lift(load, form, bcs)
    found = []
    for preset in ("direct", "multigrid"):
        result = fem.Function(space)
        solver = LinearSolver(space, "heat", preset=preset, symmetric=False, bcs=bcs)
        solver.set_operator(matrix)
        # 300 on the boundary does not loosen the tolerance on a rise of 0.07
        assert solver.solve(load, result.x.petsc_vec, rtol=1e-10).residual < 1e-9
        found.append(result.x.array.copy())
    assert 0.05 < found[0].max() - 300.0 < 0.08
    np.testing.assert_allclose(found[1], found[0], atol=1e-9)


def test_rows_without_stiffness_are_named_before_the_solve(comm):
    body = Elasticity(comm)
    body.stiffness.value = 0.0
    matrix = assemble_matrix(create_matrix(body.form), body.form)
    with pytest.raises(SolveError, match=r"mechanics: \d+ of \d+ rows of the matrix have no diagonal entry, .* at \("):
        body.solver("direct").set_operator(matrix)
    body.stiffness.value = np.nan
    matrix = assemble_matrix(create_matrix(body.form), body.form)
    with pytest.raises(SolveError, match="a non-finite diagonal"):
        body.solver("direct").set_operator(matrix)


def test_load_that_is_not_finite_is_refused(comm):
    body = Elasticity(comm)
    solver = body.solver("direct")
    solver.set_operator(body.matrix)
    body.load.array[0] = np.nan
    with pytest.raises(SolveError, match="the right-hand side or the start value is not finite"):
        solver.solve(body.load, body.u.x.petsc_vec)


def test_singular_matrix_is_reported_in_words(comm):
    body = Elasticity(comm, free=True)
    solver = body.solver("jacobi")
    solver.set_operator(body.matrix)
    body.load.array[2] += 1.0  # pushes a body that nothing holds
    with pytest.raises(
        SolveError, match=r"mechanics: the linear solve \(jacobi, \d+ unknowns\) failed: .*Try the preset"
    ):
        solver.solve(body.load, body.u.x.petsc_vec)


def test_kept_preconditioner_is_rebuilt_when_iterations_grow(comm):
    body = Elasticity(comm)
    solver = body.solver("multigrid")
    solver.set_operator(body.matrix)
    first = solver.solve(body.load, body.u.x.petsc_vec)
    assert first.setup_seconds > 0.0
    solver.set_operator(body.matrix, reuse_preconditioner=True)
    body.u.x.array[:] = 0.0
    assert solver.solve(body.load, body.u.x.petsc_vec).setup_seconds == 0.0
    # A stiff half makes the old preconditioner poor; the answer must be right all the same.
    x = ufl.SpatialCoordinate(body.space.mesh)
    u, v = ufl.TrialFunction(body.space), ufl.TestFunction(body.space)
    factor = ufl.conditional(x[0] > 0.5, 1000.0, 1.0)
    form = compile_form(factor * ufl.inner(ufl.sym(ufl.grad(u)), ufl.grad(v)) * ufl.dx)
    assemble_matrix(body.matrix, form, body.bcs)
    solver.set_operator(body.matrix, reuse_preconditioner=True)
    body.u.x.array[:] = 0.0
    slow = solver.solve(body.load, body.u.x.petsc_vec)
    solver.set_operator(body.matrix, reuse_preconditioner=True)
    body.u.x.array[:] = 0.0
    fresh = solver.solve(body.load, body.u.x.petsc_vec)
    assert slow.iterations > 1.5 * first.iterations or slow.setup_seconds > 0.0
    assert fresh.setup_seconds > 0.0 or slow.setup_seconds > 0.0
    assert fresh.iterations < 3 * first.iterations


def test_automatic_preset_goes_by_size_and_order():
    assert choose("auto", 5_000, 3, True, 2) == "direct"
    assert choose("auto", 500_000, 3, True, 2) == "multigrid"
    assert choose("auto", 500_000, 3, True, 1) == "algebraic"
    assert choose("auto", 50_000, 2, True, 2) == "direct"
    assert choose("direct", 500_000, 3, True, 2) == "direct"


@pytest.mark.mpi
@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("free", [True, False])
def test_low_rank_factors_of_a_triangle_or_the_whole_give_the_same_displacement(comm, monkeypatch, free, symmetric):
    body = Elasticity(comm, free=free)
    plain = body.solver("direct", free=free)
    plain.set_operator(body.matrix)
    plain.solve(body.load, body.u.x.petsc_vec)
    size = body.size()
    monkeypatch.setattr("femsuite.solve.presets.LOW_RANK_ABOVE", 0)
    solver = body.solver("direct", free=free, symmetric=symmetric)
    for factor in (1.0, 2.0):  # the second operator goes through the copies made for the first
        body.stiffness.value = factor
        assemble_matrix(body.matrix, body.form, body.bcs)
        solver.set_operator(body.matrix)
        record = solver.solve(body.load, body.u.x.petsc_vec)
        assert record.residual < 1e-9
    factors = solver._ksp.getPC().getFactorMatrix()
    assert factors.getMumpsIcntl(35) > 0
    assert (factors.getType(), solver._ksp.getPC().getType()) == ("mumps", "cholesky" if symmetric else "lu")
    if free:
        assert body.size() == pytest.approx(0.5 * size, rel=1e-7)
    solver.close()
