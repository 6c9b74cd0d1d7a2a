"""The whole room on heat conduction with a known answer: every file of the run folder says the same, right thing."""

import csv
import subprocess
import sys
from html.parser import HTMLParser

import box_case
import numpy as np
import pytest
import pyvista
import whole_room
from mpi4py import MPI

from femsuite.results import checkpoint
from femsuite.results.disk import read_json


class Page(HTMLParser):
    """Collects text, pictures and links, and sees that tags are closed."""

    def __init__(self):
        super().__init__()
        self.open, self.words, self.pictures, self.links, self.anchors = [], [], [], [], set()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)
        if tag == "img":
            self.pictures.append(found["src"])
        if "href" in found:
            self.links.append(found["href"])
        if "id" in found:
            self.anchors.add(found["id"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.mark.mpi
def test_run_folder_tells_the_known_answer(shared):
    """T = 300 K + P x / (k A): the face at P = 2 W is 340 K, the resistance 20 K/W."""
    path = shared / "results" / "box" / "base"
    whole_room.compute(path, divisions=(4, 2, 2))
    MPI.COMM_WORLD.barrier()

    record = read_json(path / "run.json")
    assert record["status"] == "finished"
    assert record["machine"]["ranks"] == MPI.COMM_WORLD.size
    assert [phase["name"] for phase in record["phases"]] == ["mesh", "stages", "tables, pictures, report"]
    assert len(record["solves"]) == 5

    metrics = read_json(path / "metrics.json")
    assert metrics["fit.face.slope"]["value"] == pytest.approx(whole_room.RESISTANCE, rel=1e-9)
    assert metrics["fit.face.slope"]["unit"] == "K/W"
    assert metrics["hot_face@power=2 W"]["value"] == pytest.approx(340 - 273.15, abs=1e-9)
    assert "fit.short.slope" not in metrics

    rows = list(csv.reader((path / "tables" / "states.csv").open()))
    assert rows[0][:6] == ["stage", "state", "power [W]", "time [s]", "hot_face [degC]", "die_mean [degC]"]
    assert float(rows[-1][5]) == pytest.approx(320 - 273.15, abs=1e-9)

    grid = pyvista.get_reader(str(path / "fields" / "fields.pvd"))
    grid.set_active_time_value(4.0)
    data = grid.read()[0]
    assert np.allclose(data["temperature"], 300 + 40 * data.points[:, 0] / box_case.SIZE[0], atol=1e-8)

    tagged = box_case.box("tetrahedron", (4, 2, 2))
    read = box_case.make_state(tagged).functions()
    assert checkpoint.read(path / "checkpoint" / "state.h5", tagged.mesh, read)["power"] == 2.0
    x = read["temperature"].function_space.tabulate_dof_coordinates()[:, 0]
    assert np.allclose(read["temperature"].x.array, 300 + 40 * x / box_case.SIZE[0], atol=1e-8)

    assert whole_room.compute(path, divisions=(4, 2, 2)).unchanged


@pytest.mark.skipif(MPI.COMM_WORLD.size > 1, reason="the report is written by one rank")
def test_report_is_one_file_that_says_what_must_be_known(tmp_path):
    whole_room.compute(tmp_path / "run", divisions=(4, 2, 2))
    page = Page()
    page.feed((tmp_path / "run" / "report.html").read_text())
    assert page.open == []
    assert len(page.pictures) == 5
    assert all(picture.startswith("data:image/png;base64,") for picture in page.pictures)
    assert all(link.startswith("#") and link[1:] in page.anchors for link in page.links)
    text = " ".join(" ".join(page.words).split())
    for fact in (
        "1 of 4 predicted numbers agrees with the published ones, 1 comes near, 1 differs, 1 has no verdict.",
        "differs by 6.7 times the tolerance",
        "2 numbers and their uncertainty need at least 3 different values",
        "calibrated",
        "used at 440 to 470 K, outside its data (295 to 440 K)",
        "glass transition not measured",
        "The stress follows the total law",
        "pvpython view.py",
    ):
        assert fact in text, fact
    assert "http" not in (tmp_path / "run" / "report.html").read_text().replace("base64", "")[:6000]


@pytest.mark.skipif(MPI.COMM_WORLD.size > 1, reason="one window is enough")
def test_view_script_draws_and_names_what_is_wrong(tmp_path):
    whole_room.compute(tmp_path / "run", divisions=(4, 2, 2))

    def view(*words):
        command = [sys.executable, str(tmp_path / "run" / "view.py"), *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    picture = tmp_path / "view.png"
    done = view("--field", "stress", "--part", "xx", "--warp", "100", "--picture", str(picture))
    assert done.returncode == 0, done.stderr
    assert picture.stat().st_size > 5000
    assert "there is no field 'temprature'; the files hold temperature" in view("--field", "temprature").stderr
    assert "there is no state 9" in view("--state", "9").stderr
    assert "this field has no part 'q'" in view("--field", "displacement", "--part", "q").stderr
