"""A search as a command runs it: stdout and stderr, files, the folder that is exported to."""

import contextlib
import csv
import io
import json
import shlex
import shutil

import arm_raisers
import pytest

from motext_jax.errors import InputError
from motext_jax.library import figure, reading, report
from motext_jax.library import library as opened
from motext_jax.library.answers import COLUMNS
from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.query import Answer, Query, Span
from motext_jax.library.request import Request
from motext_jax.library.rows import Row
from motext_jax.library.shards import Shard
from motext_jax.library.store import Store
from motext_jax.library.unfinished import mark

MODEL = arm_raisers.ArmModel()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    root = tmp_path_factory.mktemp("reported")
    arm_raisers.write(root / "takes" / "a.npz", ("left", 6))
    arm_raisers.write(root / "takes" / "b.npz", ("right", 6))
    index(root / "takes", root / "db", MODEL)
    return str(root / "db")


@pytest.fixture(autouse=True)
def loads(monkeypatch):
    """The library's own model is the one by hand; every other place is empty."""
    load = opened.load_model
    monkeypatch.setattr(opened, "load_model", lambda place: load(place) if place else MODEL)


def answered(address, *queries, **options):
    report.answer(Request(queries, library=address, **options))


@pytest.mark.parametrize("form", ["json", "csv"])
def test_stdout_is_data_alone_and_every_row_says_its_query(address, tmp_path, capsys, form):
    other = {"json": "csv", "csv": "json"}[form]
    places = {form: "-", other: str(tmp_path / "other"), "out": str(tmp_path / "x.html")}
    queries = Query("left zebra"), Query("right"), Query("none", where="seconds > 99")
    answered(address, *queries, export=str(tmp_path / "cut"), top=1, **places)
    printed = capsys.readouterr()
    read = json.loads if form == "json" else lambda text: list(csv.DictReader(io.StringIO(text)))
    rows = read(printed.out)
    assert [(row["query"], row["file"]) for row in rows] == [
        ("left zebra", "a.npz"),
        ("right", "b.npz"),
    ]
    if form == "json":
        assert [row["notes"] for row in rows] == [
            ["no text that the model was trained on has: zebra"],
            [],
        ]
    for said in ("wrote 2 files to", "other", "x.html", "'none': none of 2 takes passes", "zebra"):
        assert said in printed.err


def test_without_data_on_stdout_the_tables_are_there(address, capsys):
    answered(address, Query("left"), Query(like=Span("a.npz", 0, 2)), top=1)
    printed = capsys.readouterr()
    assert "'left'" in printed.out and "like a.npz@0-2" in printed.out and not printed.err


def test_that_no_answer_has_a_word_is_said_once(address, capsys, monkeypatch):
    said = "no answer is called likely or unlikely, for the model has no calibration"
    answered(address, Query("left"), Query("right"), top=1)
    assert said not in capsys.readouterr().out
    bare = arm_raisers.ArmModel(calibration=None)
    monkeypatch.setattr(opened, "load_model", lambda place: bare)
    answered(address, Query("left"), Query("right"), top=1, model="runs/mine")
    printed = capsys.readouterr().out
    assert printed.count(said) == 1 and "match" not in printed
    assert "python -m motext_jax.eval --workdir=runs/mine --split=val" in printed
    answered(address, Query(like=Span("a.npz", 0, 2)), top=1)
    assert said not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (Query(like=Span("a.npz", 0, 2)), "like a.npz@0-2"),
        (Query("right " * 30, Span("a.npz", mirrored=True)), f"{'right ' * 30}, like a.npz@0-m"),
        (Query("right", without=("left", "it's")), "right, not left, not it's"),
    ],
)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_row_says_all_that_is_asked_for(address, capsys, query, says, form):
    answered(address, query, **{form: "-"})
    written = capsys.readouterr().out
    rows = json.loads(written) if form == "json" else list(csv.DictReader(io.StringIO(written)))
    assert rows and all(row["query"] == says for row in rows)


def test_within_takes_a_path(address, capsys):
    path = str(open_library(address, MODEL).folder / "a.npz")
    answered(address, Query("left", within=path))
    assert "a.npz: most like 'left' at " in capsys.readouterr().out


def test_a_name_of_others_is_printed_on_one_line(tmp_path, capsys):
    name = "a\n\x1b[2Jb.npz"
    arm_raisers.write(tmp_path / "takes" / name, ("left", 6))
    index(tmp_path / "takes", tmp_path / "db", MODEL)
    queries = Query("left", within=name), Query("zebra", like=Span(name, 0, 2))
    answered(str(tmp_path / "db"), *queries, top=1)
    said = capsys.readouterr().out
    assert "\na [2Jb.npz: most like 'left' at 0.0-" in said
    assert "'zebra', like a [2Jb.npz@0-2: no text that" in said and "\x1b" not in said


def test_one_span_is_one_file(address, tmp_path, capsys):
    answered(address, Query("left"), top=1, export=str(tmp_path / "cut"))
    assert f"wrote 1 file to {tmp_path / 'cut'}\n" in capsys.readouterr().out


def test_what_is_missing_is_said_before_the_model_is_loaded(address, tmp_path):
    for query in (Query("x", within="c.npz"), Query("x", like=Span("c.npz"))):
        with pytest.raises(InputError, match="c.npz"):
            report.answer(Request((query,), library=address, model=str(tmp_path / "no model")))


def test_an_example_without_a_rate_takes_the_one_that_is_given(address, tmp_path, capsys):
    arm_raisers.write(tmp_path / "silent.npz", ("right", 6), fps=None)
    query = Query(like=Span(str(tmp_path / "silent.npz")))
    with pytest.raises(InputError, match="--source_fps"):
        answered(address, query)
    answered(address, query, fps=10.0, csv="-")
    assert "b.npz" in capsys.readouterr().out.splitlines()[1]


def test_an_example_from_outside_is_read_once_unless_it_changes(
    address, tmp_path, monkeypatch, capsys
):
    path, times = tmp_path / "mine.npz", []
    arm_raisers.write(path, ("right", 6))
    read = reading.read_recording

    def spy(file, *others):
        times.append(str(file))
        return read(file, *others)

    monkeypatch.setattr(reading, "read_recording", spy)
    folder = str(open_library(address, MODEL).folder)
    queries = [Query(text, like=Span(str(path)), mirrored=True) for text in (None, "right")]

    def first():
        Request(tuple(queries), folder=folder).check()
        answered(address, *queries, top=1, csv="-")
        return [row["file"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))]

    assert len(first()) == 2 and times == [str(path)]
    queries = [Query(like=Span(str(path)))]
    arm_raisers.write(path, ("left", 5))
    assert first() == ["a.npz"] and times == [str(path)] * 2


@pytest.mark.parametrize("form", ["bvh", "npz", "joints"])
def test_what_is_exported_is_found_again(address, tmp_path, form):
    out = tmp_path / form
    answered(address, Query("left"), Query("right"), top=1, export=str(out), export_format=form)
    summary = index(out, tmp_path / "db", MODEL)
    assert (summary.takes, summary.bad) == (2, [])
    library = open_library(tmp_path / "db", MODEL)
    for text, file in (("left", "001_a"), ("right", "002_b")):
        (found,) = library.search(Query(text), top=1)
        assert found.file.startswith(file) and found.score > 0.8


def test_a_second_export_does_not_mix_with_the_first(address, tmp_path):
    out = tmp_path / "found"
    library = open_library(address, MODEL)
    library.write(library.search(Query("left"), top=1), out, "npz")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(InputError, match=f"^{out}: the folder holds 001_a_.* new or an empty"):
        library.write(library.search(Query("right"), top=2), out, "npz")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.parametrize("place", ["json", "csv", "out", "export"])
def test_nothing_found_is_no_fault_wherever_it_goes(address, tmp_path, capsys, place):
    path = tmp_path / ("x.html" if place == "out" else "x")
    answered(address, Query("left", where="seconds > 99"), **{place: str(path)})
    printed = capsys.readouterr().out
    assert "'left': none of 2 takes passes the filters\n" in printed
    if place in ("json", "csv"):
        assert path.read_text().strip() in ("[]", ",".join(COLUMNS))
    else:
        assert f"nothing is found, so {path} is not written\n" in printed
        assert not path.exists()


def test_an_older_picture_stays_and_that_is_said(address, tmp_path, capsys):
    (tmp_path / "x.html").write_text("older")
    answered(address, Query("left", captions="bows"), out=str(tmp_path / "x.html"))
    assert "x.html stays as it was" in capsys.readouterr().out
    assert (tmp_path / "x.html").read_text() == "older"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (Query("left", captions="bows"), "2 takes passes the filters; no take has captions"),
        (Query("left", where="fps > 99"), "'left': none of 2 takes passes the filters\n"),
        (Query("left", without=("left",)), "'left', not 'left': all that is found is nearer to"),
        (Query(" then ".join(["left"] * 6)), "no take has these 6 actions one after the other"),
        (Query(like=Span("a.npz"), where="file = 'a.npz'"), "no take but the example itself"),
    ],
)
def test_the_reason_for_no_answer_is_said(address, capsys, query, says):
    answered(address, query)
    assert says in capsys.readouterr().out


def test_nothing_like_it_among_few_says_how_few(address, capsys):
    answered(address, Query("stands", where="file = 'a.npz'"), top=1)
    said = capsys.readouterr().out.splitlines()
    assert "'stands': perhaps nothing like it is here: all that is found is unlikely" in said
    assert "'stands': the filters left 1 of 2 takes to be searched" in said
    answered(address, Query("stands", where="seconds > 1"), top=1)
    said = capsys.readouterr().out
    assert "to be searched" not in said and "knows none of its words" not in said
    answered(address, Query("zebra"), top=1)
    assert "'zebra': the model knows none of its words" in capsys.readouterr().out


def test_an_action_of_an_order_that_is_not_there_is_said(address, capsys):
    answered(address, Query("left, then stands"), top=1)
    said = capsys.readouterr().out
    own = "'left, then stands': nothing like 'stands' here, so an order with it means little\n"
    whole = "'left, then stands': perhaps nothing like it is here: all that is found is unlikely\n"
    assert own in said and whole in said and said.count("nothing like") == 2


def test_the_options_that_exclude_can_be_given_to_a_shell(address, capsys):
    text = "says 'left; $HOME' without moving the arm"
    answered(address, Query(text), top=1)
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "hardly reads" in line)
    _, options = line.split(", as ")
    assert shlex.split(options) == ["--query=says 'left; $HOME'", "--not=moving the arm"]


def test_a_take_without_the_action_has_no_place_for_it(address, capsys):
    answered(address, Query("stands", within="a.npz"), top=1)
    said = capsys.readouterr().out
    assert "a.npz: 'stands' is unlikely at every place\n" in said and said.count("a.npz") == 2


def test_a_take_of_which_an_answer_is_perhaps_right_has_a_place(address, monkeypatch, capsys):
    # Words for scores that no curve reaches, which is the mean over lengths of windows.
    found = open_library(address, MODEL).search(Query("left", within="a.npz"), top=1)
    best = found[0].score

    def judge(model, query, scores):
        return tuple("perhaps" if score >= best else "unlikely" for score in scores), {}

    monkeypatch.setattr(arm_raisers.ArmModel, "judge", judge)
    answered(address, Query("left", within="a.npz"), top=1)
    said = capsys.readouterr().out
    assert "perhaps" in said and "a.npz: most like 'left' at 0.0-6.0 s\n" in said
    answered(address, Query("right", within="a.npz"), top=1)
    assert "a.npz: 'right' is unlikely at every place" in capsys.readouterr().out


def test_a_library_that_is_not_whole_is_searched_with_a_word(address, tmp_path, capsys):
    whole = str(shutil.copytree(address, tmp_path / "db"))
    answered(whole, Query("left"), json="-")
    assert "to its end" not in capsys.readouterr().err
    mark(whole, Shard().places)
    answered(whole, Query("left"), json="-")
    printed = capsys.readouterr()
    assert json.loads(printed.out)[0]["file"] == "a.npz"
    assert "takes is not indexed to its end; wait until index is done, or start" in printed.err
    # A bad file is known by now, and the good ones are still to come.
    Store.open(whole).forget(["a.npz", "b.npz"])
    Store.open(whole).commit([Row("bad.npz", 1, 0, "", reason="bad.npz: empty")])
    with pytest.raises(InputError, match="db: the library has no take yet; wait until"):
        answered(whole, Query("left"))


def test_a_library_without_takes_says_the_command_that_fills_it(tmp_path):
    takes, address = tmp_path / "my takes", str(tmp_path / "db")
    takes.mkdir()
    (takes / "bad.bvh").write_text("no motion")
    index(takes, address, MODEL)
    command = f"python -m motext_jax.index '{takes}' --library={address}"
    with pytest.raises(InputError, match="takes: nothing can be searched, for none") as said:
        answered(address, Query("left"))
    assert str(said.value).endswith(f"; {command} says why")
    Store.open(address).forget(["bad.bvh"])
    with pytest.raises(InputError, match="db: the library has no take yet; wait until") as said:
        answered(address, Query("left"))
    assert str(said.value).endswith(f": {command}")


def test_pictures_have_seconds_of_the_file(address, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr(figure, "strips", lambda rows, path: drawn.extend(rows))
    answers = [[Answer("a.npz", 2.0, 4.0, 0.5, "likely"), Answer("b.npz", 3.5, 5.0, 0.4)]]
    figure.draw_answers(["q"], answers, open_library(address, MODEL), tmp_path / "x.png")
    assert drawn[0].starts == pytest.approx([2.0, 3.5], abs=0.06)
    assert drawn[0].captions == ["1.  0.50 (likely)  a.npz 2.0-4.0 s", "2.  0.40  b.npz 3.5-5.0 s"]
    # As the table tells them: an order with each of its actions, a mirror image as such.
    parts = ((0.0, 1.5), (2.5, 4.0))
    order = Answer("a.npz", 0.0, 4.0, 0.5, mirrored=True, parts=parts)
    figure.draw_answers(["q"], [[order]], open_library(address, MODEL), tmp_path / "x.png")
    assert drawn[1].captions == ["1.  0.50  a.npz (mirrored) 0.0-1.5, 2.5-4.0 s"]


@pytest.mark.parametrize("ending", ["png", "html"])
def test_without_an_answer_nothing_is_drawn(address, tmp_path, ending):
    path = tmp_path / "new" / f"x.{ending}"
    figure.draw_answers(["q", "r"], [[], []], open_library(address, MODEL), path)
    assert not path.parent.exists()


def test_the_model_is_awaited_with_a_line(address, monkeypatch, capsys):
    inside = []

    @contextlib.contextmanager
    def waiting(what):
        inside.append(what)
        yield
        inside.append(capsys.readouterr().out)

    monkeypatch.setattr(report, "waiting", waiting)
    answered(address, Query("left"), csv="-")
    # All that takes a model is in the block, and what is printed is not.
    assert inside == ["loading and compiling the model", ""]
