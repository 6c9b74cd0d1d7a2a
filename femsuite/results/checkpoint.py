"""Functions saved so that they can be read again on any number of ranks.

One HDF5 file. Each function is a table with one row per cell, in the order of the mesh file
(``topology.original_cell_index``), holding the cell's unknowns; rows do not depend on how the mesh was distributed.
Rank 0 writes slice by slice, every rank reads its slice and passes the rows on. Needs the same input mesh, which the
run folder keeps. Lagrange of order 0 to 2 and quadrature elements: higher orders would need the permutations of the
unknowns on edges and faces.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import basix
import numpy as np
from dolfinx.fem import Function
from dolfinx.mesh import Mesh, compute_midpoints

from femsuite import parallel
from femsuite.errors import FemsuiteError, InputError, unknown
from femsuite.results.disk import sentences
from femsuite.results.hdf5 import h5py

FORMAT = "femsuite checkpoint 1"
SLICE_BYTES = 64 << 20


def write(
    path: Path,
    mesh: Mesh,
    functions: Mapping[str, Function],
    facts: Mapping[str, float | str] | None = None,
    numbers: Mapping[str, np.ndarray] | None = None,
) -> None:
    """Write functions of one mesh, whole or not at all; collective.

    Args:
        path: the file, e.g. ``checkpoint/state.h5``.
        mesh: the mesh all functions live on.
        functions: by name.
        facts: small things to keep beside them: time, label, stage.
        numbers: name -> numbers of every local cell, (cells, ...), such as those at its quadrature points.

    Raises:
        SolveError: when the file cannot be written.
        InputError: when a function is of an order that is not kept exactly.
    """
    for name, function in functions.items():
        _check(name, function)
    comm = mesh.comm
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    file: Any = None
    failure: BaseException | None = None
    if comm.rank == 0:
        try:
            with sentences(path):
                file = _open(temporary, "w")
                file.attrs["format"] = FORMAT
                file.attrs["cell"] = mesh.topology.cell_name()
                for key, value in (facts or {}).items():
                    file.attrs[f"fact {key}"] = value
                file.attrs["digest"] = _digest(facts or {})
        except FemsuiteError as error:
            failure = error
    parallel.together(failure, comm)
    try:
        _write_rows(file, "cells", mesh, _midpoints(mesh), path)
        owned = mesh.topology.index_map(mesh.topology.dim).size_local
        for name, function in functions.items():
            _write_rows(file, f"functions/{name}", mesh, _rows(function)[:owned], path)
        for name, values in (numbers or {}).items():
            _write_rows(file, f"numbers/{name}", mesh, values[:owned].reshape(owned, -1), path)

        def close() -> None:
            with sentences(path):
                file.close()
                os.replace(temporary, path)

        parallel.on_root(close, comm)
    except FemsuiteError:
        if comm.rank == 0:
            with contextlib.suppress(Exception):
                file.close()
            temporary.unlink(missing_ok=True)
        raise


def read_facts(path: Path) -> dict[str, Any]:
    """Return the facts that a file keeps beside its functions; not collective.

    Raises:
        InputError: when the file cannot be read.
    """
    with _open_to_read(Path(path)) as file:
        return _facts(file, Path(path))


def read(
    path: Path, mesh: Mesh, functions: Mapping[str, Function], numbers: Mapping[str, np.ndarray] | None = None
) -> dict[str, Any]:
    """Fill functions from a file that ``write`` made, on any number of ranks; collective.

    Args:
        path: the file; every rank must see it.
        mesh: the same input mesh, however it is distributed now.
        functions: name -> function to fill, of the same elements as those written.
        numbers: name -> array over the local cells to fill, of the same shape in a cell as that written.

    Returns:
        The facts that were kept beside them.

    Raises:
        InputError: when the file cannot be read, belongs to another mesh, or lacks a function.
    """
    for name, function in functions.items():
        _check(name, function)
    path, comm = Path(path), mesh.comm
    file: Any = None
    failure: FemsuiteError | None = None
    facts: dict[str, Any] = {}
    try:
        file = _open_to_read(path)
        _check_mesh(file, path, mesh)
        missing = [
            unknown("function in the checkpoint", name, file.get(room, {}))
            for room, names in (("functions", functions), ("numbers", numbers or {}))
            for name in names
            if name not in file.get(room, {})
        ]
        if missing:
            raise InputError(*missing)
        facts = _facts(file, path)
    except FemsuiteError as error:
        failure = error
    except (KeyError, OSError, RuntimeError, ValueError):
        failure = _damaged(path)
    parallel.together(failure, comm)
    with file:
        owned_and_ghost = np.asarray(mesh.topology.original_cell_index)
        here = _read_rows(_dataset(file, "cells", path), mesh, owned_and_ghost, path)
        size = float(np.abs(here).max(initial=0.0))
        differ = np.abs(here - _midpoints(mesh, ghosts=True)).max(initial=0.0) > 1e-9 * max(size, 1e-30)
        if parallel.anywhere(bool(differ), comm):
            raise InputError(f"the checkpoint '{path}' was written for another mesh: its cells lie elsewhere.")
        for name, function in functions.items():
            rows = _of_width(file, f"functions/{name}", _rows(function).shape[1], path)
            values = _read_rows(rows, mesh, owned_and_ghost, path)
            block = function.function_space.dofmap.bs
            dofs = function.function_space.dofmap.list
            unknowns = function.x.array.reshape(-1, block)
            unknowns[dofs.ravel()] = values.reshape(-1, block)
            function.x.scatter_forward()
        for name, array in (numbers or {}).items():
            rows = _of_width(file, f"numbers/{name}", int(np.prod(array.shape[1:])), path)
            array[:] = _read_rows(rows, mesh, owned_and_ghost, path).reshape(array.shape)
    return facts


def _dataset(file: Any, place: str, path: Path) -> Any:
    try:
        return file[place]
    except (KeyError, OSError, RuntimeError, ValueError) as error:
        raise _damaged(path) from error


def _of_width(file: Any, place: str, wanted: int, path: Path) -> Any:
    rows = _dataset(file, place, path)
    if rows.shape[1] != wanted:
        raise InputError(
            f"the function '{place.partition('/')[2]}' has {rows.shape[1]} unknowns per cell in '{path}', "
            f"not {wanted}: it was written with another element."
        )
    return rows


def _facts(file: Any, path: Path) -> dict[str, Any]:
    """Return the facts of an open file, once they fit their digest."""
    try:
        found = {key[5:]: _plain(value) for key, value in file.attrs.items() if key.startswith("fact ")}
        whole = file.attrs["digest"] == _digest(found)
    except (KeyError, OSError, RuntimeError, ValueError) as error:
        raise _damaged(path) from error
    if not whole:
        raise _damaged(path)
    return found


def _digest(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(repr(sorted((key, _plain(value)) for key, value in facts.items())).encode()).hexdigest()


def _damaged(path: Path) -> InputError:
    return InputError(f"the checkpoint '{path}' cannot be read: it is damaged.")


def _check(name: str, function: Function) -> None:
    element = function.function_space.element
    with contextlib.suppress(RuntimeError):  # quadrature elements have no basix element
        one = element.basix_element
        if one.family != basix.ElementFamily.P or one.degree > 2:
            raise InputError(f"the function '{name}' is of an element that a checkpoint does not keep exactly.")


def _rows(function: Function) -> np.ndarray:
    """Return each local cell's unknowns, shape (cells, unknowns per cell)."""
    space = function.function_space
    values = function.x.array.reshape(-1, space.dofmap.bs)[space.dofmap.list]
    return values.reshape(len(space.dofmap.list), -1)


def _midpoints(mesh: Mesh, ghosts: bool = False) -> np.ndarray:
    index_map = mesh.topology.index_map(mesh.topology.dim)
    count = index_map.size_local + (index_map.num_ghosts if ghosts else 0)
    return compute_midpoints(mesh, mesh.topology.dim, np.arange(count, dtype=np.int32))


def _write_rows(file: Any, name: str, mesh: Mesh, rows: np.ndarray, path: Path) -> None:
    """Gather the rows of owned cells slice by slice in the order of the mesh file, and write each on rank 0."""
    comm = mesh.comm
    cells = mesh.topology.index_map(mesh.topology.dim)
    original = np.asarray(mesh.topology.original_cell_index)[: cells.size_local]
    order = np.argsort(original)
    original, rows = original[order], np.ascontiguousarray(rows[order])
    width = rows.shape[1]
    step = max(1, SLICE_BYTES // (8 * width))
    data: Any = None
    failure: FemsuiteError | None = None
    for start in range(0, cells.size_global, step):
        stop = min(start + step, cells.size_global)
        low, high = np.searchsorted(original, [start, stop])
        pieces = comm.gather((original[low:high], rows[low:high]), root=0)
        if comm.rank == 0 and failure is None:
            try:
                with sentences(path):
                    block = np.empty((stop - start, width))
                    for index, values in pieces or ():
                        block[index - start] = values
                    if data is None:
                        data = file.create_dataset(name, (cells.size_global, width), dtype="f8", fletcher32=True)
                    data[start:stop] = block
                    file.flush()
            except FemsuiteError as error:
                failure = error
    parallel.together(failure, comm)


def _read_rows(data: Any, mesh: Mesh, wanted: np.ndarray, path: Path) -> np.ndarray:
    """Return the rows of the wanted cells: each rank reads one slice of the file and sends on what others need.

    Raises:
        InputError: a block of the file does not fit its checksum.
    """
    comm = mesh.comm
    total, width = data.shape
    bounds = np.linspace(0, total, comm.size + 1).astype(np.int64)
    failure: FemsuiteError | None = None
    try:
        mine = np.asarray(data[bounds[comm.rank] : bounds[comm.rank + 1]])
    except (OSError, RuntimeError, ValueError):
        failure = _damaged(path)
    parallel.together(failure, comm)
    owner = np.searchsorted(bounds, wanted, side="right") - 1
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=comm.size)
    asked = comm.alltoall(np.split(wanted[order], np.cumsum(counts)[:-1]))
    answers = comm.alltoall([mine[index - bounds[comm.rank]] for index in asked])
    result = np.empty((len(wanted), width))
    result[order] = np.concatenate(answers)
    return result


def _open(path: Path, mode: str) -> Any:
    return h5py().File(path, mode)


def _open_to_read(path: Path) -> Any:
    try:
        file = _open(path, "r")
        kind = file.attrs.get("format")
    except OSError as error:
        reason = "there is no such file" if not path.exists() else "it is not whole or not a checkpoint"
        raise InputError(f"the checkpoint '{path}' cannot be read: {reason}.") from error
    if kind != FORMAT:
        file.close()
        raise InputError(f"'{path}' is not a checkpoint of this suite.")
    return file


def _check_mesh(file: Any, path: Path, mesh: Mesh) -> None:
    cells = mesh.topology.index_map(mesh.topology.dim).size_global
    there = (file.attrs["cell"], file["cells"].shape[0])
    if there != (mesh.topology.cell_name(), cells):
        file.close()
        raise InputError(
            f"the checkpoint '{path}' was written for another mesh: {there[1]} cells of type {there[0]}, "
            f"not {cells} of type {mesh.topology.cell_name()}."
        )


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
