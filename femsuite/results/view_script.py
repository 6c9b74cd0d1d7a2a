"""Shows the fields of this run folder, in ParaView or in pyvista.

pvpython view.py                        with ParaView's Python
python view.py                          with pyvista
python view.py --field displacement --part z --clip x --warp 200 --state 3
python view.py --picture view.png       a picture instead of a window
"""

# ruff: noqa: UP045  (ParaView's Python may be older than this suite's)
import argparse
import os
import sys
from typing import Any, NoReturn, Optional

HERE = os.path.dirname(os.path.abspath(__file__))
FIELDS = os.path.join(HERE, "fields", "fields.pvd")
PARTS = {3: ("x", "y", "z"), 9: ("xx", "xy", "xz", "yx", "yy", "yz", "zx", "zy", "zz")}
NORMALS = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}
# The camera looks at the cut from this side; across z the lower half is kept, else the half that lies farther.
VIEWS = {"x": (-1.0, -0.45, 0.5), "y": (0.45, -1.0, 0.5), "z": (0.4, -0.8, 1.0), "none": (0.6, -1.0, 0.6)}


def arguments() -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--field", help="name of a field; the first of the file if not given")
    parser.add_argument("--part", help="x y z of a vector, xx xy ... of a tensor; the magnitude if not given")
    parser.add_argument("--clip", choices=["x", "y", "z", "none"], default="y", help="normal of the cut (default: y)")
    parser.add_argument("--warp", type=float, default=0.0, help="magnification of the displacement (default: 0)")
    parser.add_argument("--state", type=int, default=-1, help="number of the state from 0 (default: the last)")
    parser.add_argument("--range", nargs=2, type=float, metavar=("LOW", "HIGH"), help="ends of the colour scale, SI")
    parser.add_argument("--picture", metavar="FILE.png", help="write a picture and end")
    return parser.parse_args()


def stop(sentence: str) -> NoReturn:
    """End with a sentence."""
    sys.exit("view.py: " + sentence)


def column_of(part: Optional[str], components: int) -> int:
    """Return the component's number, -1 for the magnitude."""
    if part is None:
        return -1
    names = PARTS.get(components, ())
    if part not in names:
        stop(f"this field has no part '{part}'" + (f"; it has {', '.join(names)}" if names else ""))
    return names.index(part)


def chosen(wanted: Optional[str], names: list) -> str:
    """Return the field to show."""
    names = [name for name in names if name != "region"] or list(names)
    if not names:
        stop("the files hold no field")
    if wanted is None:
        return names[0]
    if wanted not in names:
        stop(f"there is no field '{wanted}'; the files hold {', '.join(names)}")
    return wanted


def chosen_time(times: list, state: int) -> float:
    """Return the time of the state."""
    if not -len(times) <= state < len(times):
        stop(f"there is no state {state}; the files hold {len(times)}, counted from 0")
    return times[state]


def with_paraview(options: argparse.Namespace, simple: Any) -> None:
    """Show the fields with ParaView."""
    data = simple.PVDReader(FileName=FIELDS)
    data.UpdatePipeline()
    time = chosen_time(list(data.TimestepValues) or [0.0], options.state)
    data.UpdatePipeline(time)
    on_points = {data.PointData.GetArray(i).Name: "POINTS" for i in range(data.PointData.GetNumberOfArrays())}
    on_cells = {data.CellData.GetArray(i).Name: "CELLS" for i in range(data.CellData.GetNumberOfArrays())}
    places = {**on_cells, **on_points}
    field = chosen(options.field, [*on_points, *on_cells])
    source = data.PointData if places[field] == "POINTS" else data.CellData
    components = source.GetArray(field).GetNumberOfComponents()
    low = data.GetDataInformation().GetBounds()
    shown = data
    if options.clip != "none":
        shown = simple.Clip(Input=shown, ClipType="Plane")
        shown.ClipType.Normal = NORMALS[options.clip]
        shown.ClipType.Origin = [(low[2 * i] + low[2 * i + 1]) / 2 for i in range(3)]
        shown.Invert = int(options.clip == "z")
    if options.warp and "displacement" in on_points:
        shown = simple.WarpByVector(Input=shown, Vectors=["POINTS", "displacement"], ScaleFactor=options.warp)
    view = simple.GetActiveViewOrCreate("RenderView")
    view.ViewSize = [1300, 900]
    view.ViewTime = time
    display = simple.Show(shown, view)
    column = column_of(options.part, components)
    if components == 1:
        simple.ColorBy(display, (places[field], field))
    else:
        name = "Magnitude" if column < 0 else display_name(source.GetArray(field), column)
        simple.ColorBy(display, (places[field], field, name))
    if options.range:
        simple.GetColorTransferFunction(field).RescaleTransferFunction(*options.range)
    else:
        display.RescaleTransferFunctionToDataRange(False, True)
    display.SetScalarBarVisibility(view, True)
    simple.ResetCamera(view)
    camera = simple.GetActiveCamera()
    centre = camera.GetFocalPoint()
    camera.SetPosition(*(centre[i] + VIEWS[options.clip][i] for i in range(3)))
    camera.SetViewUp(0, 0, 1)
    simple.ResetCamera(view)
    simple.Render(view)
    if options.picture:
        simple.SaveScreenshot(options.picture, view)
    else:
        simple.Interact(view)


def display_name(array: Any, column: int) -> str:
    """Return what ParaView calls a component."""
    return array.GetComponentName(column) or str(column)


def with_pyvista(options: argparse.Namespace, pyvista: Any) -> None:
    """Show the fields with pyvista."""
    reader = pyvista.get_reader(FIELDS)
    reader.set_active_time_value(chosen_time(reader.time_values, options.state))
    grid = reader.read()[0]
    field = chosen(options.field, [*grid.point_data.keys(), *grid.cell_data.keys()])
    shown = grid
    if options.clip != "none":
        shown = shown.clip(normal=options.clip, origin=grid.center, invert=options.clip == "z")
    if options.warp and "displacement" in shown.point_data:
        shown = shown.warp_by_vector("displacement", factor=options.warp)
    values = shown[field]
    components = 1 if values.ndim == 1 else values.shape[1]
    column = column_of(options.part, components)
    plotter = pyvista.Plotter(off_screen=bool(options.picture), window_size=(1300, 900))
    plotter.add_mesh(
        shown,
        scalars=field,
        component=None if components == 1 or column < 0 else column,
        clim=options.range,
        cmap="inferno" if field == "temperature" else "viridis",
        lighting=False,
        scalar_bar_args={"title": field + ("" if options.part is None else " " + options.part), "color": "black"},
    )
    plotter.set_background("white")
    plotter.add_axes(color="black")
    plotter.view_vector(VIEWS[options.clip], viewup=(0, 0, 1))
    if options.picture:
        plotter.screenshot(options.picture)
    else:
        plotter.show()


def main() -> None:
    """Show the fields with whatever this Python has."""
    options = arguments()
    if not os.path.isfile(FIELDS):
        stop(f"there are no field files here ({FIELDS}); the study may have asked for none")
    try:
        from paraview import simple
    except ImportError:
        simple = None
    if simple is not None:
        with_paraview(options, simple)
        return
    try:
        import pyvista
    except ImportError:
        stop("neither ParaView nor pyvista is there; start it with pvpython, or install pyvista")
    if options.picture and not os.environ.get("DISPLAY"):
        os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
    with_pyvista(options, pyvista)


if __name__ == "__main__":
    main()
