"""The whole room on a small die: options, model, measures, pictures, arrays; on every number of ranks."""

import tomllib

import numpy as np
import pytest
from dolfinx import fem, mesh
from matplotlib.figure import Figure
from mpi4py import MPI
from pydantic import ValidationError

from femsuite import parallel
from femsuite.errors import InputError
from femsuite.material.orientation import Orientation
from femsuite.meshing.tagged import TaggedMesh
from femsuite.topograph import draw, plot, plot_sections
from femsuite.topograph.closed_forms import SurfaceHeater
from femsuite.topograph.imprint import mesh_imprint
from femsuite.topograph.options import TopographOptions
from femsuite.topograph.run import UNITS, TopographModel

TABLE = """
region = "die"
reflection = [2, -2, 0]
energy = "31 keV"
grid = [41, 41, 17]
distance = "190 mm"
detector = { pixel = "8 um", blur = "8 um" }
critical_energy = "8.38 keV"
[contrast]
pixels = [60, 60]
threshold = 1.5
[projection]
dose = 100.0
[section]
slit = "20 um"
positions = ["-60 um", "0 um", "60 um"]
centre = "Q5"
scan = 3
"""
CRYSTAL = Orientation((1, 1, 1), (1, -1, 0))


def options(**changes):
    return TopographOptions.model_validate(tomllib.loads(TABLE) | changes)


def tagged_die(comm=MPI.COMM_WORLD):
    """A 800 um die of 400 um thickness in a corner of nowhere, with a source of 200 x 100 um off its middle."""
    low, high = [1e-3, -1e-3, 2e-4], [1.8e-3, -2e-4, 6e-4]
    domain = mesh.create_box(comm, [low, high], [8, 8, 4])
    cells = domain.topology.index_map(3)
    number = np.arange(cells.size_local + cells.num_ghosts, dtype=np.int32)
    x, y, z = mesh.compute_midpoints(domain, 3, number).T
    source = (abs(x - 1.5e-3) < 1e-4) & (abs(y + 0.6e-3) < 1e-4) & (z > 5e-4)
    tags = mesh.meshtags(domain, 3, number, np.where(source, 2, 1).astype(np.int32))
    facets = mesh.meshtags(domain, 2, np.empty(0, np.int32), np.empty(0, np.int32))
    return TaggedMesh(domain, tags, facets, {"die": 1, "source_Q5": 2}, {}, {}, {"source_Q5": "die"})


def heated(model, tagged, strength):
    heater = SurfaceHeater(strength, 60e-6, model.device)
    displacement = fem.Function(fem.functionspace(tagged.mesh, ("Lagrange", 2, (3,))))
    displacement.interpolate(lambda x: (heater.displacement(model.frame.points(x.T)) @ model.frame.rotation).T)
    displacement.x.scatter_forward()
    return displacement


@pytest.fixture(scope="module")
def series():
    tagged = tagged_die(MPI.COMM_SELF)
    model = TopographModel(tagged, "die", CRYSTAL, options())
    images = [
        model.image(heated(model, tagged, s), label) for s, label in ((0.0, "0 W"), (4e-9, "0.6 W"), (1.2e-8, "2 W"))
    ]
    return model, images


def test_device_and_thickness_come_from_the_mesh(series):
    model, _ = series
    assert model.device == pytest.approx((1e-4, 0.0), abs=1e-9)  # x along mesh x, from the middle of the die
    assert model.crystal.thickness == pytest.approx(4e-4)
    assert np.allclose(model.frame.rotation, np.diag([1.0, -1.0, -1.0]), atol=1e-12)


def test_unloaded_die_shows_no_contrast_no_streak_and_no_bow(series):
    measures = series[1][0].measures
    assert measures["contrast_peak"] == pytest.approx(1.0, abs=1e-9)
    assert measures["image_length_along"] == 0.0
    assert measures["streak_length"] < 2e-6
    assert measures["bow_movement"] < 1e-6
    assert measures["tilt_largest"] < 1e-12


def test_measures_grow_with_the_strain(series):
    weak, strong = series[1][1].measures, series[1][2].measures
    for name in ("contrast_area", "contrast_peak", "tilt_largest"):
        assert strong[name] > weak[name] > 0.0, name
    assert strong["tilt_largest"] == pytest.approx(3.0 * weak["tilt_largest"], rel=1e-6)


def test_every_measure_has_a_unit(series):
    for name in series[1][0].measures:
        assert name in UNITS or name.startswith("streak_at_"), name


def test_contrast_of_the_model_is_that_of_the_closed_form(series):
    from femsuite.topograph.contrast import landau_zener_map
    from femsuite.topograph.lattice import LatticeField

    model, images = series
    field = images[1].lattice
    exact = LatticeField.of_function(
        (field.x, field.y, field.z), SurfaceHeater(4e-9, 60e-6, model.device), model.crystal
    )
    error = images[1].contrast.values / landau_zener_map(exact, (60, 60)).values - 1.0
    assert np.sqrt(np.mean(error**2)) < 0.1  # elements of 100 um under a heater of 60 um half width


def test_contrast_relative_to_the_first_state_ignores_it():
    tagged = tagged_die(MPI.COMM_SELF)
    model = TopographModel(tagged, "die", CRYSTAL, options(contrast={"pixels": (40, 40), "relative": True}))
    first = model.image(heated(model, tagged, 8e-9), "stored strain")
    assert first.measures["contrast_area"] == 0.0
    assert first.contrast.values.max() > 2.0


def test_reflection_out_of_the_face_is_refused():
    with pytest.raises(InputError, match="variants that do"):
        TopographModel(tagged_die(MPI.COMM_SELF), "die", CRYSTAL, options(reflection=(2, 2, 0)))


def test_unknown_device_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match="Q5"):
        TopographModel(tagged_die(MPI.COMM_SELF), "die", CRYSTAL, options(section={"centre": "Q6"}))


@pytest.mark.mpi
def test_measures_are_the_same_on_every_number_of_ranks():
    comm = parallel.world()
    found = []
    for group in (comm, MPI.COMM_SELF):
        tagged = tagged_die(group)
        model = TopographModel(tagged, "die", CRYSTAL, options())
        found.append(model.image(heated(model, tagged, 8e-9), "1.3 W"))
    if found[0] is None:
        assert comm.rank > 0
        return
    for name, expected in found[1].measures.items():
        assert found[0].measures[name] == pytest.approx(expected, rel=1e-6, abs=1e-12), name


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"detector": "scmos"}, "scmos_3.2um"),
        ({"distance": "0 mm"}, "above zero"),
        ({"distance": 0.19}, "unit"),
        ({"reflection": [0, 0, 0]}, "none"),
        ({"energy": "31 mm"}, "photon energy"),
        ({"grid": [3, 41, 17]}, "5"),
        ({"colour": 1}, "Extra"),
    ],
)
def test_wrong_options_are_refused_in_a_sentence(changes, sentence):
    with pytest.raises(ValidationError, match=sentence):
        options(**changes)


def test_options_choose_their_stages():
    assert options().applies_to("power", ["cooling", "power"])
    assert not options(stages=["cooling"]).applies_to("power", ["cooling", "power"])


def test_own_detector_is_taken_and_presets_by_name():
    assert options().camera().pixel == 8e-6
    assert options(detector="pco4000_1um").camera().pixel == 1e-6
    assert options().spectral_slope() == pytest.approx(-3.4, abs=0.4)


def test_pictures_and_arrays_are_written(series, tmp_path):
    from PIL import Image

    _, images = series
    files = plot.save_all(images[1], tmp_path, "state", 1.5)
    files.append(plot.montage(images, tmp_path / "montage.png"))
    for file in files[1:]:
        with Image.open(file) as picture:
            assert min(picture.size) > 200
            assert np.ptp(np.asarray(picture.convert("L"))) > 200
    arrays = np.load(files[0])
    assert np.array_equal(arrays["projection"], images[1].projection.values)
    assert arrays["section_1_counts"].shape == arrays["section_1"].shape
    assert arrays["contrast"].shape == (60, 60)


def test_pictures_of_a_series_share_their_scales(series, tmp_path, monkeypatch):
    """The ends handed to matplotlib are the same for a weak and a strong state, and hold the strongest."""
    _, images = series
    scales = draw.Scales.of(images)
    assert scales.tilt == max(draw.Scales.of([one]).tilt for one in images)
    assert scales.sections[1] == max(draw.Scales.of([one]).sections[1] for one in images)
    assert scales.contrast[0] == pytest.approx(max(float(one.contrast.values.max()) for one in images))
    found = []

    def kept(figure, path):
        found.append([(bar.mappable.norm.vmin, bar.mappable.norm.vmax) for bar in bars])
        bars.clear()
        return path

    bars = []
    whole = Figure.colorbar

    def colorbar(self, *given, **more):
        bars.append(whole(self, *given, **more))
        return bars[-1]

    monkeypatch.setattr(Figure, "colorbar", colorbar)
    for module in (plot, plot_sections):
        monkeypatch.setattr(module, "save", kept)
    for one in images[1:]:
        plot.projection_picture(one, tmp_path / "p.png", scales)
        plot_sections.sections_picture(one, tmp_path / "s.png", scales)
        plot.contrast_picture(one, tmp_path / "c.png", 1.5, scales)
        plot.tilt_picture(one, tmp_path / "t.png", scales.tilt)
    assert found[:4] == found[4:]
    assert found[1] == [scales.sections]
    assert found[3] == [(-scales.tilt * 1e6, scales.tilt * 1e6)]


def test_one_section_is_drawn_at_every_state_on_one_scale(series, tmp_path, monkeypatch):
    _, images = series
    drawn = []
    monkeypatch.setattr(plot_sections, "save", lambda figure, path: drawn.append(figure) or path)
    plot_sections.sections_series(images, tmp_path / "sections_0.png", 0)
    plot_sections.sections_series([*images, *images], tmp_path / "sections_0.png", 0)
    few, many = drawn
    pictured = [axes for axes in few.axes if axes.images]
    assert [axes.get_title() for axes in pictured] == ["0 W", "0.6 W", "2 W"]
    assert len({axes.images[0].get_clim() for axes in pictured}) == 1
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in pictured}) == 1
    assert len(few.axes) == len(images) + 1  # one bar for all
    assert "beside the device" in few.get_suptitle()
    assert many.axes[0].get_gridspec().ncols == 2


def test_animation_has_one_frame_per_state(series, tmp_path):
    from PIL import Image

    with Image.open(plot.animation(series[1], tmp_path / "series.gif")) as movie:
        assert movie.n_frames == 3


def test_imprint_is_drawn(tmp_path):
    file = plot.imprint_picture(mesh_imprint((6, 8), pixels=60), tmp_path / "imprint.png")
    assert file.stat().st_size > 10_000
