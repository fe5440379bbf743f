"""The page's addresses: answers, limits, and that nothing outside of the library is reached."""

import io
import json
import struct
import threading
import zipfile

import numpy as np
import pytest
from made_library import HOSTILE, SIDES, MadeLibrary, motion
from starlette.testclient import TestClient

from motext_jax.errors import InputError
from motext_jax.library import EXPORTS
from motext_jax.library.query import MOST_LETTERS, Answer, Span
from motext_jax.skeleton import SMPL22
from motext_jax.web import app as web_app
from motext_jax.web import export, shelf
from motext_jax.web.app import page_app
from motext_jax.web.guard import check_names

HOST = "http://127.0.0.1:8765"


@pytest.fixture
def library():
    return MadeLibrary(takes=4)


@pytest.fixture
def client(library):
    with TestClient(page_app(library), base_url=HOST, raise_server_exceptions=False) as client:
        yield client


def error(answer, status=400):
    """The one sentence of an answer that is an error."""
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["error"]
    return answer.json()["error"]


def unpacked(content):
    """Poses as the page reads them: the header, and millimetres [t v 3]."""
    (length,) = struct.unpack_from("<I", content)
    head = json.loads(content[4 : 4 + length])
    steps = np.frombuffer(content, "<i2", offset=4 + length)
    shape = head["frames"], head["joints"], 3
    return head, np.cumsum(steps.reshape(shape), axis=0, dtype=np.int16)


def test_the_page_comes_whole_and_loads_nothing_from_elsewhere(client):
    index = client.get("/")
    assert index.headers["content-type"] == "text/html; charset=utf-8"
    assert "http" not in index.text
    for name in ("page.css", "main.js", "body.js", "icon.svg"):
        file = client.get(f"/{name}")
        assert file.status_code == 200
        # An SVG is marked as one by an address that nobody loads.
        assert "://" not in file.text.replace("http://www.w3.org/2000/svg", ""), name
    assert client.get("/main.js").headers["content-type"].startswith("text/javascript")


def test_no_text_becomes_markup():
    scripts = [
        content.decode() for name, content in web_app._files().items() if name.endswith(".js")
    ]
    assert len(scripts) > 5
    for script in scripts:
        for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert danger not in script


def test_every_answer_has_the_policy(client):
    for address in ("/", "/api/library", "/nothing", "/api/search?query="):
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "localhost.evil.example", "127.0.0.1.nip.io", ""]
)
def test_another_name_of_this_machine_is_refused(client, host):
    assert "not called so" in error(client.get("/", headers={"Host": host}), 403)


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LocalHost"])
def test_its_own_names_are_answered(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_a_name_that_its_owner_gives_is_answered_behind_a_proxy(library):
    app = page_app(library, public=["Motions.example.org"])
    with TestClient(app, base_url="http://motions.example.org") as client:
        assert client.get("/").status_code == 200
        # One proxy hands on the name, another asks by the address that it was given.
        for host in ("motions.example.org", "motions.example.org:8443", "127.0.0.1:8765"):
            headers = {"Host": host, "Origin": "https://motions.example.org"}
            answer = client.post("/api/export", headers=headers, content=b"{}")
            assert "no export" in error(answer)
        for origin in ("https://evil.example", "https://motions.example.org.evil.example"):
            headers = {"Origin": origin}
            answer = client.post("/api/export", headers=headers, content=b"{}")
            assert "another site" in error(answer, 403)
        # Anybody can write this.
        forwarded = {"Host": "evil.example", "X-Forwarded-Host": "motions.example.org"}
        assert "--public=NAME" in error(client.get("/", headers=forwarded), 403)


@pytest.mark.parametrize(
    "name", ["https://a.example", "a.example:80", "a.example/x", "", "*", "a."]
)
def test_a_name_is_no_address(name):
    with pytest.raises(InputError, match="expected a name"):
        check_names([name])
    check_names(["motions.example.org", "studio-7"])


def test_other_sites_reach_nothing_but_the_page(client):
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.get("/?query=walk", headers=elsewhere).status_code == 200
    assert "another site" in error(client.get("/api/library", headers=elsewhere), 403)
    for origin in ("http://evil.example", "null", "http://127.0.0.1:9999"):
        answer = client.post("/api/export", headers={"Origin": origin}, content=b"{}")
        assert "another site" in error(answer, 403)


def test_the_library_says_its_size_and_what_it_can_answer(client, library):
    about = client.get("/api/library").json()
    assert about["takes"] == 4
    assert about["seconds"] == pytest.approx(sum(take.seconds for take in library.takes()))
    assert about["limits"]["letters"] == MOST_LETTERS


def test_examples_are_captions_where_there_are_enough():
    library = MadeLibrary(takes=12)
    with TestClient(page_app(library), base_url=HOST) as client:
        examples = client.get("/api/library").json()["examples"]
    captions = {take.captions[0] for take in library.takes()}
    assert len(set(examples)) == 6 and captions.issuperset(examples)
    assert not library.queries


def searched(client):
    """The examples of the page, once they are there."""
    client.get("/api/library")
    join_examples()
    return client.get("/api/library").json()["examples"]


def join_examples():
    for thread in threading.enumerate():
        if thread.name == "examples":
            thread.join()


def test_nobody_waits_while_examples_are_searched(library, monkeypatch):
    monkeypatch.setattr(shelf, "FRESH_SECONDS", 0.0)
    go_on, search = threading.Event(), library.search
    monkeypatch.setattr(library, "search", lambda *a, **k: go_on.wait(60) and search(*a, **k))
    try:
        with TestClient(page_app(library), base_url=HOST) as client:
            for _ in range(2):
                about = client.get("/api/library").json()
                assert about["takes"] == 4 and about["examples"] is None
            go_on.set()
            examples = searched(client)
            best = {q.text: search(q, 1)[0].score for q in list(library.queries) if search(q, 1)}
            assert 0 < len(examples) <= 6
            assert [best[text] for text in examples] == sorted(best.values(), reverse=True)[:6]
            # They are searched once, until takes are added.
            library.queries.clear()
            assert searched(client) == examples and not library.queries
            grown = MadeLibrary(takes=5)
            library._parts, library._joints = grown._parts, grown._joints
            assert client.get("/api/library").json()["examples"] == examples
            join_examples()
            assert library.queries
    finally:
        go_on.set()


def test_the_first_examples_of_a_library_that_was_empty_are_asked_for_again(monkeypatch):
    monkeypatch.setattr(shelf, "FRESH_SECONDS", 0.0)
    library, grown, go_on = MadeLibrary(takes=0), MadeLibrary(takes=4), threading.Event()
    search = library.search
    monkeypatch.setattr(library, "search", lambda *a, **k: go_on.wait(60) and search(*a, **k))
    try:
        with TestClient(page_app(library), base_url=HOST) as client:
            assert client.get("/api/library").json()["examples"] == []
            library._parts, library._joints = grown._parts, grown._joints
            assert client.get("/api/library").json()["examples"] is None
            go_on.set()
            assert searched(client)
    finally:
        go_on.set()


def test_a_page_that_ends_begins_no_more_searches_for_examples(library, monkeypatch):
    go_on, begun = threading.Event(), threading.Event()

    def search(query, top):
        library.queries.append(query)
        begun.set()
        return go_on.wait(60) and []

    monkeypatch.setattr(library, "search", search)
    try:
        with TestClient(page_app(library), base_url=HOST) as client:
            client.get("/api/library")
            assert begun.wait(60)
    finally:
        go_on.set()
    join_examples()
    assert len(library.queries) == 1


def test_a_fault_of_a_search_costs_the_examples_alone(client, library, monkeypatch, caplog):
    monkeypatch.setattr(library, "search", lambda *_, **__: 1 / 0)
    assert searched(client) == []
    assert "no examples of queries: division by zero" in caplog.text


def test_answers_come_best_first_with_the_length_of_their_takes(client, library):
    caption = library.takes()[1].captions[1]
    found = client.get("/api/search", params={"query": caption}).json()["answers"]
    assert found[0]["file"] == "day_1/take_001.bvh"
    assert found[0]["captions"][0] == caption
    cosines = [answer["score"] for answer in found]
    assert cosines == sorted(cosines, reverse=True)
    of = {take.file: take.seconds for take in library.takes()}
    assert all(answer["of"] == of[answer["file"]] for answer in found)


def test_every_parameter_reaches_the_library(client, library):
    given = {
        "query": "walk",
        "like": "day_1/take_001.bvh@0.5-2",
        "not": ["run", "jump"],
        "balance": "0.75",
        "name": "Ten o'clock",
        "captions": "slow",
        "longer": "2",
        "shorter": "9.5",
        "mirrored": "1",
    }
    assert client.get("/api/search", params=given).status_code == 200
    (query,) = library.queries
    assert query.text == "walk" and query.like == Span("day_1/take_001.bvh", 0.5, 2.0)
    assert query.without == ("run", "jump") and query.captions == "slow" and query.mirrored
    assert (query.text_weight, query.like_weight) == (1.5, 0.5)
    assert query.where == ("seconds >= 2.000 and seconds <= 9.500 and file ilike '%Ten o''clock%'")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "nothing is asked"),
        ({"query": "  \t "}, "nothing is asked"),
        ({"query": "x" * 2001}, "query: 2,001 letters; expected at most 2,000"),
        ({"query": "x", "name": "y" * 2001}, "name: 2,001 letters; expected at most 2,000"),
        ({"query": "x", "longer": "5", "shorter": "2"}, "is at least 5 s and at most 2 s long"),
        ({"query": "x", "longer": "5", "shorter": "0"}, "is at least 5 s and at most 0 s long"),
        ({"query": "x", "not": ["a"] * 5}, "5 texts; expected at most 4"),
        ({"query": "x", "top": "97"}, "top='97': expected a whole number from 1 to 96"),
        ({"query": "x", "top": "0"}, "expected a whole number from 1 to 96"),
        ({"query": "x", "top": "9" * 5000}, "expected a whole number from 1 to 96"),
        ({"query": "x", "top": "٣"}, "expected a whole number from 1 to 96"),
        ({"query": "x", "longer": "nan"}, "longer='nan': expected a number from 0"),
        ({"query": "x", "shorter": "-1"}, "shorter='-1': expected a number from 0"),
        ({"query": "x", "balance": "1.5"}, "expected a number from 0 to 1"),
        ({"query": "x", "mirrored": "yes"}, "mirrored='yes': expected 0 or 1"),
        ({"query": "x", "where": "1=1"}, "'where': no such parameter; expected balance"),
        ({"query": ["x", "y"]}, "query is given twice"),
        ({"like": "day_1/take_001.bvh"}, "expected FILE@START-END"),
        ({"like": "day_1/take_001.bvh@2-1"}, "no span from 2 to 1 s in a take of"),
        ({"like": "day_1/take_001.bvh@900-901"}, "no span from 900"),
        ({"like": "/etc/passwd@0-1"}, "'/etc/passwd': no take of this library"),
        ({"like": f"{'x' * 2000}@0-1"}, "expected FILE@START-END"),
    ],
)
def test_a_question_that_cannot_be_answered_gets_a_sentence(client, library, given, sentence):
    assert sentence in error(client.get("/api/search", params=given))
    assert not library.queries


def test_a_long_address_is_refused(client):
    given = {"query": "x", "like": "y" * 20000}
    assert "too long" in error(client.get("/api/search", params=given), 414)


@pytest.mark.parametrize(
    "file",
    [
        "../../../etc/passwd",
        "/etc/passwd",
        "day_1/../day_1/take_001.bvh",
        "./day_1/take_001.bvh",
        "day_1/take_001.bvh\0",
        "",
    ],
)
def test_files_outside_the_library_are_never_reached(client, library, file, monkeypatch):
    for name in ("poses", "curve", "cut"):
        monkeypatch.setattr(library, name, lambda *_: pytest.fail("it was asked for"))
    assert "no take of this library" in error(client.get("/api/take", params={"file": file}))
    error(client.get("/api/poses", params={"span": f"{file}@0-1"}))
    error(client.get("/api/curve", params={"file": file, "query": "walk"}))
    spans = [{"file": file, "start": 0, "end": 1}]
    error(client.post("/api/export", json={"format": "bvh", "spans": spans}))


@pytest.mark.parametrize(
    "address", ["/../app.py", "/%2e%2e/app.py", "/page/../../app.py", "/..%2fapp.py", "/app.py"]
)
def test_no_file_but_the_pages_own_is_served(client, address):
    assert "nothing at this address" in error(client.get(address), 404)


def test_poses_are_those_of_the_span(client):
    answer = client.get("/api/poses", params={"span": "day_1/take_003.bvh@1-2"})
    head, millimetres = unpacked(answer.content)
    joints, _ = motion(6)
    np.testing.assert_array_equal(millimetres, np.round(1000 * joints[15:31]))
    assert (head["fps"], head["start"], head["frames"], head["joints"]) == (15.0, 1.0, 16, 22)
    assert head["parents"] == list(SMPL22.parents) and head["sides"] == list(SIDES)


def test_far_positions_survive_the_differences():
    from motext_jax.library.query import Poses
    from motext_jax.web.packed import packed

    ends = np.array([[[-32768, 0, 32767]], [[32767, 1, -32768]], [[0, -1, 5]]], np.int16)
    head, millimetres = unpacked(packed(Poses(ends, 15.0, (-1,), ("",), 2.5)))
    np.testing.assert_array_equal(millimetres, ends)
    assert head["start"] == 2.5


def test_a_preview_has_its_longest(client, library, monkeypatch):
    monkeypatch.setattr(web_app, "PREVIEW_SECONDS", 1.0)
    answer = client.get("/api/poses", params={"span": "day_1/take_003.bvh@0-2"})
    assert "2 s of poses; expected at most 1 s" in error(answer)


def test_a_mirrored_answer_stays_mirrored(client, library):
    like = client.get("/api/search", params={"like": "day_1/take_001.bvh@0.5-2m"})
    assert like.status_code == 200
    assert library.queries[-1].like == Span("day_1/take_001.bvh", 0.5, 2.0, mirrored=True)
    given = {"file": "day_1/take_002.bvh", "query": "walk"}
    for flipped in ({}, {"flipped": "0"}, {"flipped": "1"}):
        assert client.get("/api/curve", params={**given, **flipped}).status_code == 200
    assert [mirrored for _, mirrored in library.curves] == [False, False, True]
    assert "expected 0 or 1" in error(client.get("/api/curve", params={**given, "flipped": "x"}))


def test_the_formats_of_an_export_are_the_librarys(client):
    assert client.get("/api/library").json()["formats"] == EXPORTS
    for kind in EXPORTS:
        sent = {"format": kind, "spans": [{"file": "day_1/take_001.bvh", "start": 0, "end": 1}]}
        assert client.post("/api/export", json=sent).status_code == 200


def test_a_take_and_its_curve(client, library):
    file = "day_1/take_002.bvh"
    take = client.get("/api/take", params={"file": file}).json()
    assert take["seconds"] == pytest.approx(library.takes()[2].seconds)
    curve = client.get("/api/curve", params={"file": file, "query": take["captions"][1]}).json()
    assert len(curve["seconds"]) == len(curve["scores"])
    best = curve["seconds"][int(np.argmax(curve["scores"]))]
    (place,) = [part for part in curve["places"] if part["word"] == "likely"]
    assert place["start"] < best < place["end"]


def test_hostile_names_and_captions_come_as_they_are_but_for_turned_lines(client):
    take = client.get("/api/take", params={"file": HOSTILE})
    assert take.headers["content-type"] == "application/json"
    assert take.json()["file"] == HOSTILE
    assert take.json()["captions"] == ["<b>markup</b> & turned"]


def test_an_export_is_a_zip_of_what_the_library_wrote(client, library):
    spans = [
        {"file": "day_1/take_001.bvh", "start": 0.5, "end": 2},
        {"file": HOSTILE, "start": 0, "end": 1, "mirrored": True},
    ]
    answer = client.post("/api/export", json={"format": "bvh", "spans": spans})
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="motions.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert len(file.namelist()) == 2
        assert not any(name.startswith(("/", "..")) for name in file.namelist())
        assert file.testzip() is None
    ((answers, kind),) = library.written
    assert kind == "bvh"
    places = [(one.file, one.start, one.end, one.mirrored) for one in answers]
    assert places == [("day_1/take_001.bvh", 0.5, 2.0, False), (HOSTILE, 0.0, 1.0, True)]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"not json", "no export"),
        (b"[" * 20000, "no export"),
        (b"[]", "no export"),
        (b'{"format": "bvh", "spans": [1]}', "no export"),
        (b'{"format": "exe", "spans": []}', "format 'exe': expected one of bvh, npz, joints"),
        (b'{"format": ["bvh"], "spans": []}', "expected one of bvh, npz, joints"),
        (b'{"format": "bvh", "spans": []}', "0 spans are chosen; expected 1 to 100"),
        (b'{"format": "bvh", "spans": [{"file": [], "start": 0, "end": 1}]}', "is a text"),
        (b'{"format": "bvh", "spans": [{"file": "x", "start": 0, "end": 1}]}', "no take"),
        (
            b'{"format": "bvh", "spans": [{"file": "day_1/take_001.bvh", "start": NaN, "end": 1}]}',
            "no span",
        ),
    ],
)
def test_an_export_that_makes_no_sense_gets_a_sentence(client, library, sent, sentence):
    assert sentence in error(client.post("/api/export", content=sent))
    assert not library.written


def test_an_export_has_its_most_frames_and_bytes(client, library, monkeypatch):
    span = {"file": "day_1/take_001.bvh", "start": 0, "end": 1.5}
    # The takes have 30 frames a second.
    monkeypatch.setattr(export, "FRAMES", 90)
    sent = {"format": "npz", "spans": [span] * 3}
    assert "have 135 frames; expected at most 90" in error(client.post("/api/export", json=sent))
    assert not library.written
    sent["spans"] = [span] * 2
    assert client.post("/api/export", json=sent).status_code == 200
    monkeypatch.setattr(export, "ARCHIVE_BYTES", 10)
    sentence = error(client.post("/api/export", json=sent))
    assert "take over 0 MiB; choose fewer or shorter spans" in sentence


def test_one_span_at_a_time_is_on_the_disk_and_an_export_that_nobody_awaits_ends():
    library, given_up, there = MadeLibrary(takes=2), threading.Event(), []
    answers = [Answer("day_1/take_001.bvh", second, second + 1, 0.0) for second in range(4)]

    def cut(answers, folder, format):
        for number, _ in enumerate(answers):
            there.append(len(list(folder.iterdir())))
            (folder / f"{number}.bvh").write_text("HIERARCHY")
            yield folder / f"{number}.bvh"

    library.cut = cut
    export.zipped(library, answers, "bvh", given_up).close()
    assert there == [0, 0, 0, 0]
    there.clear()
    given_up.set()
    with pytest.raises(InputError, match="nobody waits"):
        export.zipped(library, answers, "bvh", given_up)
    assert there == [0]


def test_too_many_spans_and_too_large_a_request(client, library):
    span = {"file": "day_1/take_001.bvh", "start": 0, "end": 1}
    answer = client.post("/api/export", json={"format": "npz", "spans": [span] * 101})
    assert "101 spans are chosen; expected 1 to 100" in error(answer)
    answer = client.post("/api/export", content=b" " * (export.BODY_BYTES + 1))
    assert "too large; expected at most 65,536 bytes" in error(answer, 413)
    assert not library.written


def test_a_late_answer_is_given_up(library, monkeypatch):
    monkeypatch.setattr(web_app, "ANSWER_SECONDS", 0.05)
    answered = threading.Event()
    monkeypatch.setattr(library, "search", lambda *_, **__: answered.wait(30) and [])
    try:
        with TestClient(page_app(library), base_url=HOST) as client:
            answer = client.get("/api/search", params={"query": "walk"})
            assert "no answer in 0.05 s" in error(answer, 503)
            answered.set()
    finally:
        answered.set()


def test_late_answers_keep_their_places_until_they_end(library, monkeypatch):
    monkeypatch.setattr(web_app, "ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(web_app, "AT_ONCE", 2)
    go_on, begun = threading.Event(), []

    def search(query, top):
        begun.append(query.text)
        go_on.wait(60)
        return []

    monkeypatch.setattr(library, "search", search)
    try:
        with TestClient(page_app(library), base_url=HOST) as client:
            for text in "abcdef":
                error(client.get("/api/search", params={"query": text}), 503)
            # What was late before it had a place is never begun.
            assert begun == ["a", "b"]
            monkeypatch.setattr(web_app, "ANSWER_SECONDS", 60.0)
            go_on.set()
            assert client.get("/api/search", params={"query": "g"}).status_code == 200
            assert begun == ["a", "b", "g"]
    finally:
        go_on.set()


def test_a_timeout_of_the_librarys_own_is_none_of_the_page(client, library, monkeypatch):
    def search(*_, **__):
        raise TimeoutError(110, "Connection timed out", "/secret/place")

    monkeypatch.setattr(library, "search", search)
    answer = client.get("/api/search", params={"query": "walk"})
    assert "cannot be read: Connection timed out" in error(answer, 500)


@pytest.mark.parametrize(
    ("raised", "status", "sentence"),
    [
        (InputError("day_1/take_001.bvh: there is no such file"), 400, "there is no such file"),
        (OSError(5, "Input/output error", "/secret/place"), 500, "cannot be read: Input/output"),
        (ValueError("/secret/place"), 500, "a fault of this program"),
    ],
)
def test_faults_of_the_library_are_sentences_without_paths(
    client, library, monkeypatch, raised, status, sentence
):
    def search(*_, **__):
        raise raised

    monkeypatch.setattr(library, "search", search)
    said = error(client.get("/api/search", params={"query": "walk"}), status)
    assert sentence in said and "secret" not in said


def test_takes_are_listed_by_name_and_filtered(client, library):
    found = client.get("/api/takes", params={"top": 2}).json()
    assert found["all"] == 4
    assert [answer["file"] for answer in found["answers"]] == sorted(
        [HOSTILE, "day_1/take_001.bvh"]
    )
    assert all(answer["score"] is None for answer in found["answers"])
    seconds = {take.file: take.seconds for take in library.takes()}
    for answer in client.get("/api/takes").json()["answers"]:
        assert answer["end"] == pytest.approx(min(5.0, seconds[answer["file"]]), abs=1e-3)

    def files(**given):
        return {
            answer["file"] for answer in client.get("/api/takes", params=given).json()["answers"]
        }

    assert files(name="TAKE_003") == {"day_1/take_003.bvh"}
    assert files(captions="turned <B>markup</b>") == {HOSTILE}
    assert files(longer=6, shorter=9) == {
        file for file, length in seconds.items() if 6 <= length <= 9
    }
    assert "no such parameter" in error(client.get("/api/takes", params={"query": "walk"}))


def test_nothing_found_is_an_answer(client):
    found = client.get("/api/search", params={"query": "zzzz"}).json()
    assert found["answers"] == [] and found["notes"] == [
        "said of 0: “a” with the filter “Not like” “<b>”"
    ]


def test_only_what_is_meant_for_it_is_posted(client):
    assert "no such call" in error(client.post("/api/search"), 405)
    assert "no such call" in error(client.get("/api/export"), 405)
    for address in ("/docs", "/openapi.json", "/redoc"):
        assert client.get(address).status_code == 404


def test_head_is_answered_as_get(client):
    for address in ("/", "/main.js", "/api/library", "/nothing"):
        got, head = client.get(address), client.head(address)
        assert head.status_code == got.status_code
        assert head.headers["content-type"] == got.headers["content-type"]
    assert client.head("/api/export").status_code == 405


def test_the_list_of_takes_grows_with_the_library(client, library, monkeypatch):
    monkeypatch.setattr(shelf, "FRESH_SECONDS", 0.0)
    assert client.get("/api/library").json()["takes"] == 4
    grown = MadeLibrary(takes=5)
    library._parts, library._joints = grown._parts, grown._joints
    assert client.get("/api/library").json()["takes"] == 5
    file = "day_1/take_004.bvh"
    assert client.get("/api/take", params={"file": file}).status_code == 200


def test_a_file_that_was_left_out_is_answered_with_the_reason(client):
    for path, given in (("take", {"file": "bad.bvh"}), ("search", {"like": "bad.bvh@0-1"})):
        said = error(client.get(f"/api/{path}", params=given))
        assert said == "'bad.bvh': no take of this library; bad.bvh: no motion"


def test_a_name_that_cannot_be_sent_is_left_out(client, library):
    name = "\udcff.bvh"
    library._parts[name] = library._parts[HOSTILE]
    library._joints[name] = library._joints[HOSTILE]
    found = client.get("/api/search", params={"query": "&"}).json()["answers"]
    assert [answer["file"] for answer in found] == [HOSTILE]
