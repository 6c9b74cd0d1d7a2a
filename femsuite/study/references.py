"""The files a study names: materials, geometry, mesh. They must exist, be sound, and have what the study needs."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path as File
from typing import Any

from femsuite import library, material
from femsuite.errors import InputError
from femsuite.material import Material
from femsuite.study.faults import Faults
from femsuite.study.locate import Path
from femsuite.topograph.attenuation import lacking

MESH_FILES = (".msh", ".inp", ".med", ".vtu", ".xdmf")
_NEEDS_WORDS = {"expansion": "coefficient of expansion", "stiffness": "elastic constants"}


def table(value: Any) -> Mapping[str, Any]:
    """Return a table, or an empty one where the data hold something else."""
    return value if isinstance(value, Mapping) else {}


def tables(value: Any) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the tables of a list with their places, leaving out what is no table."""
    entries = value if isinstance(value, list) else []
    return [(place, entry) for place, entry in enumerate(entries) if isinstance(entry, Mapping)]


def steady_name(room: str, name: str, suffix: str, folder: File) -> str:
    """Return a name that means the same file wherever the study lies: the shipped name, or the whole path.

    Raises:
        InputError: there is no such file.
    """
    path = library.find(room, name, suffix, folder)
    shipped = {file: key for key, file in library.names(room, suffix).items()}
    return shipped.get(path, str(path))


def check_materials(data: dict[str, Any], folder: File, faults: Faults) -> dict[str, Material]:
    """Check the material of every region and write its lasting name into ``data``.

    Returns:
        Region entry -> material, for the sound ones.
    """
    found: dict[str, Material] = {}
    known: dict[str, Material | None] = {}
    needs = _needs(data)
    for region, entry in table(data.get("regions")).items():
        name = table(entry).get("material")
        path: Path = ("regions", region)
        if not isinstance(name, str):
            continue
        if name not in known:
            known[name] = sound_material(name, folder, faults, (*path, "material"))
            if known[name] is not None:
                entry["material"] = steady_name("materials", name, ".toml", folder)
        elif known[name] is not None:
            entry["material"] = steady_name("materials", name, ".toml", folder)
        substance = known[name]
        if substance is None:
            continue
        found[region] = substance
        born = any(fnmatchcase(name, region) for name in born_later(data))
        _check_region(region, entry, substance, needs, "mechanics" in data, born, faults)
        wrong = lacking(substance) if "radiograph" in data else None
        if wrong:
            faults.add(("regions", region, "material"), wrong)
    return found


def sound_material(name: str, folder: File, faults: Faults, path: Path) -> Material | None:
    """Return a material, None where its file has faults, which are added."""
    try:
        return material.load(name, folder)
    except InputError as error:
        faults.add_all(error.faults, path)
        return None


def _check_region(
    region: str,
    entry: Mapping[str, Any],
    substance: Material,
    needs: Mapping[str, str],
    mechanics: bool,
    born: bool,
    faults: Faults,
) -> None:
    path: Path = ("regions", region)
    for need, why in needs.items():
        if not substance.answers(need):
            words = _NEEDS_WORDS.get(need, need.replace("_", " "))
            faults.add((*path, "material"), f"{substance.name} has no {words}, which {why} needs")
    if mechanics and not born and not entry.get("optional") and "stress_free_temperature" not in entry:
        faults.add(
            (*path, "stress_free_temperature"),
            'this key is missing; it is the temperature at which the region is free of stress, such as "175 degC"',
        )
    if substance.crystal is None and "crystal" in entry:
        faults.add((*path, "crystal"), f"{substance.name} is not a crystal; leave the orientation out")
    if mechanics and substance.crystal is not None and "crystal" not in entry:
        sentence = f"this key is missing; {substance.name} is a {substance.crystal} crystal, write its orientation: "
        faults.add((*path, "crystal"), f'{sentence}{{ normal = [0, 0, 1], edge = [1, 1, 0], edge_along = "x" }}')


def born_later(data: Mapping[str, Any]) -> list[str]:
    """Return the regions and coatings that do not exist at the start: a stage first speaks of their birth."""
    first: dict[str, str] = {}
    for _, stage in tables(data.get("stages")):
        for key in ("born", "killed", "melted"):
            names = stage.get(key)
            for name in names if isinstance(names, (list, tuple)) else ():
                first.setdefault(str(name), key)
    return [name for name, key in first.items() if key == "born"]


def _needs(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the properties that the physics of the study ask for, and who asks."""
    needs: dict[str, str] = {}
    if "heat" in data:
        needs["thermal_conductivity"] = "[heat]"
    if any(stage.get("type") == "transient" for _, stage in tables(data.get("stages"))):
        needs |= {"density": "a transient stage", "heat_capacity": "a transient stage"}
    if "mechanics" in data:
        needs |= {"expansion": "[mechanics]", "stiffness": "[mechanics]"}
    return needs


def check_model_source(data: dict[str, Any], folder: File, faults: Faults) -> None:
    """Check that the model comes from a geometry or from a mesh file, and that a mesh file exists."""
    mesh_file = table(data.get("mesh")).get("file")
    if mesh_file is not None and "geometry" in data:
        faults.add(("mesh", "file"), "the study has a [geometry] too; keep one of the two")
    if mesh_file is None and "geometry" not in data:
        faults.add(
            ("geometry",), 'this table is missing; write [geometry] with file = "soic_package", or give mesh.file'
        )
    if not isinstance(mesh_file, str):
        return
    path = next((place for place in (folder / mesh_file, File(mesh_file)) if place.is_file()), None)
    if path is None:
        faults.add(("mesh", "file"), f"there is no file '{mesh_file}' beside the study or here")
    elif path.suffix not in MESH_FILES:
        faults.add(("mesh", "file"), f"'{mesh_file}' is not a mesh file; allowed are {', '.join(MESH_FILES)}")
    else:
        data["mesh"]["file"] = str(path.resolve())
