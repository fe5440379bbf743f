"""Searches that are refused before anything slow starts, and files by any of their names."""

import arm_raisers
import pytest

from motext_jax.errors import InputError
from motext_jax.library import named, request
from motext_jax.library.named import name_of
from motext_jax.library.query import Query, Span
from motext_jax.library.request import Request
from motext_jax.shown import shown


@pytest.fixture
def takes(tmp_path, monkeypatch):
    root = tmp_path / "takes"
    arm_raisers.write(root / "a.npz", ("left", 6))
    arm_raisers.write(root / "day 2" / "b.npz", ("right", 4))
    arm_raisers.write(tmp_path / "mine.npz", ("right", 4))
    arm_raisers.write(tmp_path / "silent.npz", ("right", 4), fps=None)
    (tmp_path / "broken.bvh").write_text("HIERARCHY")
    (root / "unread.bvh").write_text("HIERARCHY")
    (root / "link.npz").symlink_to(tmp_path / "mine.npz")
    (tmp_path / "note.txt").write_text("no motion")
    monkeypatch.chdir(tmp_path)
    return root


@pytest.mark.parametrize(
    "query",
    [
        Query("x", within="a.npz"),
        Query("x", within="takes/a.npz"),
        Query("x", within="./day 2//b.npz"),
        Query("x", like=Span("day 2/b.npz", 3.0, 4.0), where="seconds > 2 and fps = 10"),
        Query(like=Span("mine.npz", 1.0)),
        Query("x", like=Span("takes/a.npz", 1.0, 2.0), within="a.npz"),
    ],
)
def test_a_search_that_can_be_answered_is_let_through(takes, query):
    Request((query,), folder=str(takes)).check()


REFUSED = {
    "--where='seconds >'": Query("x", where="seconds >"),
    "'c.npz', which is to be searched, is no take of the library": Query("x", within="c.npz"),
    "did you mean 'day 2/b.npz'?": Query("x", within="day 2/bb.npz"),
    "no take of the library: link.npz: a link out of the folder": Query("x", within="link.npz"),
    "example 'no.bvh' is no take of the library and no path of a file": Query(like=Span("no.bvh")),
    "'a.npz' has 6.00 s, and the example starts at 7 s": Query(like=Span("a.npz", 7, 9)),
    "mine.npz' has 4.00 s, and the example is from 5 s on": Query(like=Span("mine.npz", 5, 9)),
    "broken.bvh": Query(like=Span("broken.bvh")),
    "a '.txt' file; expected one of": Query(like=Span("note.txt")),
    "second; give them as --source_fps=30": Query(like=Span("silent.npz")),
    "the query is empty": Query(" "),
    "9 actions; expected at most 8": Query(" then ".join(["walks"] * 9)),
    "the weights are 0 and 0": Query("x", text_weight=0, like_weight=0),
    "an excluded description is empty": Query("x", without=(" ",)),
    "--where chooses among takes": Query("x", within="a.npz", where="seconds > 1"),
    "--captions chooses among takes": Query("x", within="a.npz", captions="bows"),
    "no answer to itself": Query(like=Span("takes/a.npz"), within="a.npz"),
}


@pytest.mark.parametrize("says", REFUSED)
def test_a_query_that_cannot_be_answered_is_refused_at_once(takes, says):
    with pytest.raises(InputError) as refused:
        Request((REFUSED[says],), folder=str(takes)).check()
    assert says in str(refused.value)


@pytest.mark.parametrize("file", ["a.npz", "takes/day 2/b.npz", "mine.npz"])
@pytest.mark.parametrize("span", ["0,5-1,5", "-1-2", "1", "a-b", ""])
def test_a_span_that_is_no_span_is_refused_with_the_form(takes, file, span):
    query = Query(like=Span.parse(f"{file}@{span}"))
    says = f"'{file}@{span}': '{span}' is no span; seconds of a file are written as FILE@3.0-5.5"
    with pytest.raises(InputError, match=says):
        Request((query,), folder=str(takes)).check()


def test_a_span_of_a_file_that_is_not_there_is_answered_with_the_form_too(takes):
    query = Query(like=Span.parse("no.npz@1,5-3"))
    says = "'no.npz@1,5-3' is no take of the library .*; seconds of a file are written as FILE@"
    with pytest.raises(InputError, match=says):
        Request((query,), folder=str(takes)).check()


def test_no_file_is_read_for_the_nearest_name(takes, monkeypatch):
    monkeypatch.setattr(request, "read_whole", None)
    for query in (Query("x", within="day 2/bb.npz"), Query(like=Span("unreadd.bvh"))):
        with pytest.raises(InputError, match="; did you mean '(day 2/b.npz|unread.bvh)'"):
            Request((query,), folder=str(takes)).check()


DEEP = "2026-11-26/studio B, second floor/session 4/A_07_v3_FINAL_take_with_a_long_name.bvh"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("A_07_v3_FINAL_take_with_a_long_name.bvh", DEEP),
        ("A_07_v3_FINAL_tke_with_long_name.bvh", DEEP),
        ("01_02.bvh", "subjects/01/trials/01_02.bvh"),
        ("subjects/02/trials/01_02.bvh", "subjects/01/trials/01_02.bvh"),
        ("/mnt/elsewhere/mocap/of/ours/01_03.bvh", "subjects/01/trials/01_03.bvh"),
        ("c/bow.bvh", "b/bow.bvh"),
        ("someone.glb", ""),
    ],
)
def test_the_nearest_file_is_told_by_its_own_name_too(text, near):
    trials = [f"subjects/01/trials/01_{number:02}.bvh" for number in range(1, 5)]
    names = [*trials, DEEP, "b/bow.bvh", "a/deep/down/bow.bvh", "c/b.bvh"]
    assert named.did_you_mean(text, names) == (near and f"; did you mean '{near}'?")


def test_a_rate_that_is_given_helps(takes):
    Request((Query(like=Span("silent.npz")),), folder=str(takes), fps=10.0).check()


def test_the_most_of_one_take_is_refused_within_one(takes):
    with pytest.raises(InputError, match="--each is the most answers of one take among many"):
        Request((Query("x", within="a.npz"),), folder=str(takes), each=2).check()


def test_a_name_is_found_as_it_is_shown():
    names = ("a\nb.npz", "x (mirrored)", "y.npz", "c  d.npz", " e.npz", "f\u200e.npz", "ü g.npz")
    assert name_of("a b.npz", names, ".") == "a\nb.npz"
    assert name_of("y.npz (mirrored)", names, ".") == "y.npz"
    assert name_of("x (mirrored)", names, ".") == "x (mirrored)"
    assert name_of("z.npz", names, ".") == name_of("", names, ".") == ""
    assert name_of("c d.npz", names, ".") == "c  d.npz"
    assert name_of("e.npz (mirrored)", names, ".") == " e.npz"
    assert name_of("f.npz", names, ".") == "f\u200e.npz"
    assert name_of("ü g.npz", names, ".") == "ü g.npz"
    assert name_of(shown("n" * 500, 400), [*names, "n" * 500], ".") == "n" * 500


def test_links_are_files_of_their_own(takes):
    (takes / "inside.npz").symlink_to("a.npz")
    (takes.parent / "outside.npz").symlink_to(takes / "a.npz")
    names = ("a.npz", "inside.npz", "link.npz")
    for text, name in {
        "takes/inside.npz": "inside.npz",
        "outside.npz": "a.npz",
        "takes/link.npz": "link.npz",
        "takes/day 2/../link.npz": "link.npz",
        "mine.npz": "",
    }.items():
        assert name_of(text, names, takes) == name


def test_only_names_that_a_table_changes_are_shown_for_a_comparison(monkeypatch):
    compared = []
    monkeypatch.setattr(named, "shown", lambda name, letters: compared.append(name) or name)
    long, high = "n" * 400, "日本 ü (1).npz"
    names = ("a.npz", "b c/d.npz", long, high, "e\n.npz", "n" + long, "f  g.npz")
    assert name_of("z.npz", names, ".") == ""
    assert compared == ["e\n.npz", "n" + long, "f  g.npz"]
