"""Field files for ParaView and pyvista: one ``.pvd`` over the states, one ``.pvtu`` per state, one ``.vtu`` per rank.

Each rank writes the cells it owns, appended binary and compressed, with quadratic cells for quadratic fields; nothing
is gathered. Format: VTK XML, https://docs.vtk.org, 'VTK XML file formats'.
"""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np

from femsuite import parallel
from femsuite.errors import FemsuiteError, InputError, SolveError, unknown
from femsuite.meshing.tagged import TaggedMesh
from femsuite.results.disk import sentences, write_whole
from femsuite.results.grid import Grid, cell_values, full_tensor, is_continuous, make_grid, order_of
from femsuite.results.state import State

_TYPES = {"float64": "Float64", "float32": "Float32", "int32": "Int32", "int64": "Int64"}


class FieldWriter:
    """Writes states one after the other into one folder.

    Args:
        folder: the run folder's ``fields``; must exist.
        tagged: the mesh and its names.
        fields: which fields of the states to write; None for all.
        name: of the ``.pvd`` file.

    Attributes:
        states: time, label and file of each state written so far.
    """

    def __init__(
        self, folder: Path, tagged: TaggedMesh, fields: Sequence[str] | None = None, name: str = "fields"
    ) -> None:
        self.folder = Path(folder)
        self.tagged = tagged
        self.fields = None if fields is None else tuple(fields)
        self.name = name
        self._grids: dict[int, Grid] = {}
        self.states: list[tuple[float, str, str]] = []

    @property
    def collection(self) -> Path:
        """The ``.pvd`` file, which ParaView opens."""
        return self.folder / f"{self.name}.pvd"

    def write(self, state: State) -> Path:
        """Write one state and return its ``.pvtu``; collective.

        Raises:
            InputError: when a wanted field is not there.
            SolveError: when a file cannot be written; on every rank.
        """
        functions = state.functions()
        missing = [name for name in self.fields or () if name not in functions]
        if missing:
            raise InputError(*(f"output.fields: {unknown('field', name, functions)}" for name in missing))
        if self.fields is not None:
            functions = {name: functions[name] for name in self.fields}
        order = order_of(functions)
        if order not in self._grids:
            self._grids[order] = make_grid(self.tagged.mesh, order)
        grid = self._grids[order]
        data = grid.unstructured()
        for name, function in functions.items():
            if is_continuous(function):
                data.point_data[name] = full_tensor(grid.point_values(function))
            else:
                data.cell_data[name] = full_tensor(cell_values(function))
        data.cell_data["region"] = self._regions()
        data.field_data["region_names"] = np.array([f"{tag} {name}" for name, tag in self.tagged.regions.items()])
        data.field_data["label"] = np.array([state.label])
        for name, value in state.values.items():
            data.field_data[name] = np.array([float(value)])
        comm = self.tagged.mesh.comm
        stem = f"{self.name}_{len(self.states):04d}"
        error: FemsuiteError | None = None
        try:
            with sentences(self.folder / stem):
                write_grid(self.folder / _piece(stem, comm.rank), data)
        except FemsuiteError as found:
            error = found
        parallel.together(error, comm)
        self.states.append((state.time, state.label, f"{stem}.pvtu"))

        def index() -> None:
            with sentences(self.folder):
                write_whole(self.folder / f"{stem}.pvtu", _parallel_index(data, stem, comm.size))
                write_whole(self.collection, self._collection())

        parallel.on_root(index, comm)
        return self.folder / f"{stem}.pvtu"

    def _regions(self) -> np.ndarray:
        mesh = self.tagged.mesh
        tags = np.zeros(mesh.topology.index_map(mesh.topology.dim).size_local, dtype=np.int32)
        here = self.tagged.cell_tags.indices < len(tags)
        tags[self.tagged.cell_tags.indices[here]] = self.tagged.cell_tags.values[here]
        return tags

    def times(self) -> list[float]:
        """Return what stands as time in the ``.pvd``: seconds where they rise, else the number of the state."""
        seconds = [time for time, _, _ in self.states]
        rising = all(later > earlier for earlier, later in itertools.pairwise(seconds))
        return seconds if rising else [float(index) for index in range(len(seconds))]

    def _collection(self) -> str:
        rows = [
            f"    <!-- {label.replace('--', '- -')} -->\n"
            f'    <DataSet timestep="{time!r}" group="" part="0" file={quoteattr(file)}/>'
            for time, (_, label, file) in zip(self.times(), self.states, strict=True)
        ]
        return "\n".join(
            [
                '<?xml version="1.0"?>',
                '<VTKFile type="Collection" version="0.1" byte_order="LittleEndian">',
                "  <Collection>",
                *rows,
                "  </Collection>",
                "</VTKFile>\n",
            ]
        )


def write_grid(path: Path, data: Any) -> None:
    """Write one VTK unstructured grid, appended binary and LZ4-compressed.

    Raises:
        SolveError: when VTK could not write all of it.
        OSError: when the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with open(temporary, "wb"):  # the system's own reason, which VTK would swallow
        pass
    if not _written_by_vtk(temporary, data) or not _is_complete(temporary):
        temporary.unlink(missing_ok=True)
        _refuse(path)
    os.replace(temporary, path)


def _written_by_vtk(path: Path, data: Any) -> bool:
    """Let VTK write the file and return whether it says that all went well; its writer is gone afterwards."""
    from vtkmodules.vtkCommonCore import vtkObject
    from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridWriter

    writer = vtkXMLUnstructuredGridWriter()
    writer.SetFileName(str(path))
    writer.SetInputDataObject(data)
    writer.SetDataModeToAppended()
    writer.EncodeAppendedDataOff()
    writer.SetCompressorTypeToLZ4()
    warn = vtkObject.GetGlobalWarningDisplay()
    vtkObject.SetGlobalWarningDisplay(0)
    try:
        return bool(writer.Write() == 1 and writer.GetErrorCode() == 0)
    finally:
        vtkObject.SetGlobalWarningDisplay(warn)


def _is_complete(path: Path) -> bool:
    """Return whether the file ends as a whole one does: a full disk may go unnoticed by a buffered writer."""
    try:
        with open(path, "rb") as file:
            file.seek(-32, os.SEEK_END)
            return b"</VTKFile>" in file.read()
    except OSError:
        return False


def _refuse(path: Path) -> None:
    """Raise the system's own reason by writing a block there, or say that there is none."""
    probe = path.with_name(f".{path.name}.probe.tmp")
    try:
        with open(probe, "wb") as file:
            file.write(bytes(1 << 20))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OSError(error.errno or errno.EIO, error.strerror, str(path)) from error
    finally:
        probe.unlink(missing_ok=True)
    raise SolveError(f"'{path}' could not be written whole; the disk is probably full or its quota used up.")


def _piece(stem: str, rank: int) -> str:
    return f"{stem}_rank{rank}.vtu"


def _parallel_index(data: Any, stem: str, size: int) -> str:
    def arrays(kind: str, found: Any) -> list[str]:
        lines = [f"    <P{kind}>"]
        for name in found.keys():  # noqa: SIM118  (pyvista's DataSetAttributes)
            array = np.asarray(found[name])
            width = 1 if array.ndim == 1 else int(np.prod(array.shape[1:]))
            kind_name = _TYPES[str(array.dtype)]
            lines.append(f'      <PDataArray type="{kind_name}" Name={quoteattr(name)} NumberOfComponents="{width}"/>')
        return [*lines, f"    </P{kind}>"]

    return "\n".join(
        [
            '<?xml version="1.0"?>',
            '<VTKFile type="PUnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">',
            '  <PUnstructuredGrid GhostLevel="0">',
            *arrays("PointData", data.point_data),
            *arrays("CellData", data.cell_data),
            "    <PPoints>",
            '      <PDataArray type="Float64" Name="Points" NumberOfComponents="3"/>',
            "    </PPoints>",
            *(f"    <Piece Source={quoteattr(_piece(stem, rank))}/>" for rank in range(size)),
            "  </PUnstructuredGrid>",
            "</VTKFile>\n",
        ]
    )
