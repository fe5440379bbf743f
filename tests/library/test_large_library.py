"""A large library, by its index of vectors and in memory, beside a whole comparison."""

import concurrent.futures
import dataclasses
import json

import arm_raisers
import numpy as np
import pytest

from motext_jax.errors import InputError
from motext_jax.library import contents, inverted_lists, nearest
from motext_jax.library import facts as facts_module
from motext_jax.library.contents import Contents
from motext_jax.library.facts import Facts
from motext_jax.library.inverted_lists import InvertedLists
from motext_jax.library.library import Library
from motext_jax.library.live_contents import LiveContents
from motext_jax.library.query import Query, Span
from motext_jax.library.rows import Embedded, Row, new_take
from motext_jax.library.store import Store
from motext_jax.trained.model import TrainedModel

DIMENSIONS, EACH, LEAST = 64, 20, 1_000
rng = np.random.default_rng(0)
CENTRES = rng.normal(size=(40, DIMENSIONS))
TEXTS = CENTRES[:3] / np.linalg.norm(CENTRES[:3], axis=1, keepdims=True)
# Windows that are also near to the second and third text are far from the first.
CENTRE = 0.4 * TEXTS.sum(axis=0)


def units(count):
    """Vectors around forty centres, as those of motions are."""
    found = CENTRES[rng.integers(40, size=count)] + 0.4 * rng.normal(size=(count, DIMENSIONS))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float16)


def grow(store, first, count):
    """Adds takes of `EACH` windows, named by their numbers; gives their embeddings."""
    rows = [
        Row(f"{number:04d}.bvh", new_take(), 0, "", windows=EACH, seconds=EACH)
        for number in range(first, first + count)
    ]
    starts = np.tile(np.arange(EACH, dtype=float), count)
    vectors = units(count * EACH)
    takes = np.repeat([row.take for row in rows], EACH)
    store.add(Embedded(takes, starts, starts + 1, vectors), np.zeros(len(takes), int), [])
    store.commit(rows)
    store.settle(64, LEAST)
    return vectors.astype(np.float32)


def waiting(store):
    """Windows that the index does not hold."""
    store._windows.checkout_latest()
    count = store._windows.count_rows()
    return nearest._unindexed(store._windows, "embedding", count)


def by(vector):
    """A score: the cosine with a vector."""
    return lambda windows: windows.embeddings @ vector


def best(store, vector, top=10):
    """The best windows by way of the index: (file, start), the best first."""
    seen = Contents.read(store, 0)
    assert seen.windows is None
    found = seen.seen(np.ones(len(seen.takes), bool), [vector], top, by(vector))
    order = np.argsort(-(found.embeddings @ vector), kind="stable")[:top]
    return [(seen.takes[found.takes[k]].file, found.starts[k]) for k in order]


def exact(vectors, vector, top=10):
    """The best windows by comparison with every one."""
    order = np.argsort(-(vectors @ vector), kind="stable")[:top]
    return [(f"{k // EACH:04d}.bvh", k % EACH) for k in order.tolist()]


def recall(store, vectors, queries):
    found = [set(best(store, q)) & set(exact(vectors, q)) for q in queries]
    return sum(map(len, found)) / (10 * len(queries))


@pytest.fixture(autouse=True)
def _drawn_anew():
    """The same vectors, whichever tests ran before."""
    rng.bit_generator.state = np.random.default_rng(1).bit_generator.state


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "EXACT", LEAST)
    monkeypatch.setattr(contents, "CANDIDATES", 300)
    tree = json.loads(Facts.of("/takes", "", arm_raisers.ArmModel()).to_json())
    tree |= {"probes": [[0.0] * DIMENSIONS], "centre": CENTRE.tolist()}
    return Store.create(tmp_path / "library", Facts.from_json(json.dumps(tree), "library"))


def test_a_large_library_is_searched_by_its_index(store):
    grow(store, 0, 10)
    assert waiting(store) == 10 * EACH and not store._windows.list_indices()
    grow(store, 10, 190)
    assert waiting(store) == 0


def test_the_index_finds_the_windows_that_a_whole_comparison_finds(store):
    vectors = grow(store, 0, 400)
    queries = units(20).astype(np.float32)
    assert recall(store, vectors, queries) >= 0.99
    reader = Store.open(store.address)
    # A tenth more is searched beside the index, and a reader that was open sees it.
    vectors = np.concatenate([vectors, grow(store, 400, 40)])
    assert waiting(store) == 40 * EACH
    newest = vectors[-1]
    assert best(reader, newest, 1) == [("0439.bvh", EACH - 1)]
    assert recall(reader, vectors, queries) >= 0.99
    # Beyond a fifth it is built anew.
    vectors = np.concatenate([vectors, grow(store, 440, 160)])
    assert waiting(store) == 0
    assert recall(reader, vectors, queries) >= 0.99
    # What is gone is no answer any more, in the index or not.
    gone = store.rows()["0439.bvh"]
    store.forget([gone.file])
    store.drop([gone.take])
    vectors[439 * EACH : 440 * EACH] = 0
    assert best(reader, newest, 1) == exact(vectors, newest, 1)
    found = store.nearest(newest, 100)
    assert len(found) and gone.take not in found.takes


def test_takes_that_are_few_of_many_are_compared_exactly(store):
    vectors = grow(store, 0, 100)
    seen = Contents.read(store, 0)
    asked = np.arange(100) == 7
    found = seen.seen(asked, [vectors[0]], 10, by(vectors[0]))
    np.testing.assert_array_equal(found.embeddings, vectors[7 * EACH : 8 * EACH])
    assert set(found.takes.tolist()) == {7}
    # All windows of a take are compared.
    whole = seen.seen(np.ones(100, bool), [vectors[0]], 10, by(vectors[0]))
    numbers, counts = np.unique(whole.takes, return_counts=True)
    assert 0 in numbers.tolist() and counts.tolist() == [EACH] * 10


def test_a_filter_finds_windows_in_all_parts_of_the_index(store, monkeypatch):
    vectors = grow(store, 0, 400)
    assert waiting(store) == 0
    monkeypatch.setattr(nearest, "PROBES", 1)
    rows = store.rows()
    ids = {number: rows[f"{number:04d}.bvh"].take for number in (3, 77, 391)}
    found = store.nearest(vectors[0], 10_000, takes=list(ids.values()))
    assert sorted(found.takes) == sorted(take for take in ids.values() for _ in range(EACH))
    found = store.nearest(vectors[0], 10_000, without=list(ids.values()))
    assert len(found) == 397 * EACH and not set(found.takes) & set(ids.values())


class Sides:
    """A model of two texts, each other's mirror image, and a third."""

    __class__ = TrainedModel  # passes for one where types are checked

    def __init__(self):
        self.vectors = dict(zip(("left", "right", "stands"), TEXTS, strict=True))

    def encode_text(self, texts):
        return np.stack([self.vectors[text] for text in texts]).astype(np.float32)

    def judge(self, text, cosines):
        return (), {}


@pytest.fixture(scope="module")
def uneven(tmp_path_factory):
    """Takes of 3 to 200 overlapping windows; those near to the left are few and long."""
    tree = json.loads(Facts.of("/takes", "", arm_raisers.ArmModel()).to_json())
    tree |= {"probes": [[0.0] * DIMENSIONS], "centre": CENTRE.tolist()}
    place = tmp_path_factory.mktemp("uneven") / "library"
    store = Store.create(place, Facts.from_json(json.dumps(tree), "library"))
    drawn = np.random.default_rng(3)
    rows, parts = [], []
    for number in range(60):
        count = 200 if number < 6 else int(drawn.integers(3, 60))
        # Actions of seven windows, so that neighbours are alike.
        kinds = drawn.integers(1, 40, size=count // 7 + 1)
        if number < 6:
            kinds[::2] = 0
        centres = np.repeat(CENTRES[kinds], 7, axis=0)[:count]
        vectors = centres + drawn.uniform(0.3, 0.7) * drawn.normal(size=centres.shape)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        starts = 0.5 * np.arange(count)
        rows.append(
            Row(f"{number:02d}.bvh", new_take(), 0, "", windows=count, seconds=starts[-1] + 1.5)
        )
        takes = np.full(count, rows[-1].take)
        parts.append(Embedded(takes, starts, starts + 1.5, vectors.astype(np.float16)))
    names = ("takes", "starts", "ends", "embeddings")
    windows = Embedded(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    store.add(windows, np.zeros(len(windows), int), [])
    store.commit(rows)
    return store


def in_memory(library, monkeypatch):
    """Puts a library's windows in memory; the tables are asked for none after that."""
    library.keep_in_memory().join()
    assert library._contents.lists is not None
    for name in ("windows", "batches", "nearest"):
        monkeypatch.setattr(library.store, name, None)


ODD = "file in (" + ", ".join(f"'{number:02d}.bvh'" for number in range(7, 60, 4)) + ")"


@pytest.mark.parametrize("kept", [False, True], ids=["index", "memory"])
@pytest.mark.parametrize("where", ["", "windows < 200", ODD])
@pytest.mark.parametrize(
    "query",
    [
        Query("left"),
        Query("left", mirrored=True),
        Query("left", without=("right",)),
        # The nearest windows are all excluded.
        Query("left", without=("left",), mirrored=True),
        Query(like=Span("03.bvh", 0.0, 99.0)),
        # The nearest windows to the first action are of few takes.
        Query("left then stands"),
        Query("stands, then right, then left", mirrored=True),
        Query("stands then right", without=("left",)),
    ],
    ids=["text", "mirrored", "without", "all excluded", "like", "order", "three", "order without"],
)
def test_a_large_library_answers_as_a_small_one(uneven, monkeypatch, query, where, kept):
    model = Sides()
    monkeypatch.setattr(Library, "model", property(lambda library: model))
    query = dataclasses.replace(query, where=where)
    exact = Library(uneven)
    monkeypatch.setattr(contents, "EXACT", 100)
    monkeypatch.setattr(contents, "CANDIDATES", 60)
    large = Library(uneven)
    if kept:
        # All windows are in one list and all are compared exactly, so that none is missed.
        monkeypatch.setattr(inverted_lists, "LISTS", 0)
        monkeypatch.setattr(inverted_lists, "COMPONENTS", DIMENSIONS)
        monkeypatch.setattr(inverted_lists, "CANDIDATES", 60)
        monkeypatch.setattr(inverted_lists, "REFINED", 1)
        in_memory(large, monkeypatch)
    assert exact._contents.windows is not None and large._contents.windows is None
    assert large._contents.counts[large._contents.asked(query)].sum() > 100
    for top, each in ((10, 1), (10, 3), (40, 1)):
        wanted, found = exact.search(query, top, each), large.search(query, top, each)
        assert [_span(answer) for answer in found] == [_span(answer) for answer in wanted]
        np.testing.assert_allclose(
            [a.score for a in found], [a.score for a in wanted], rtol=0, atol=1e-6
        )


def test_few_windows_are_read_for_a_sequence(uneven, monkeypatch):
    """The bound asks for nearly all takes; those nearest to both actions are read first."""
    monkeypatch.setattr(Library, "model", property(lambda library: Sides()))
    exact = [_span(answer) for answer in Library(uneven).search(Query("left then stands"), 40)]
    monkeypatch.setattr(contents, "EXACT", 100)
    monkeypatch.setattr(contents, "CANDIDATES", 60)
    large, read, windows = Library(uneven), [], Store.windows

    def counted(self, takes=None):
        found = windows(self, takes)
        read.append(len(found))
        return found

    monkeypatch.setattr(Store, "windows", counted)
    large.search(Query("left then stands"), 40)
    # The last is the reading of the answers' own windows.
    assert sum(read[:-1]) > 2000
    read.clear()
    monkeypatch.setattr(contents, "ORDERED", 700)
    found = [_span(answer) for answer in large.search(Query("left then stands"), 40)]
    assert 400 < sum(read[:-1]) <= 700
    assert found[0] == exact[0] and set(found) <= set(exact) and found != exact


def test_lists_of_few_components_find_nearly_all_of_the_best_takes(store, monkeypatch):
    """As a large library is searched: most lists are not looked at, nor compared whole."""
    vectors = grow(store, 0, 400)
    queries = units(40).astype(np.float32)
    for name, value in {"COMPONENTS": 24, "CANDIDATES": 50, "REFINED": 4}.items():
        monkeypatch.setattr(inverted_lists, name, value)
    library = Library(Store.open(store.address))
    in_memory(library, monkeypatch)
    lists = library._contents.lists
    # Twice the root of 8,000, without those that are nearest to no window.
    assert 160 < len(lists.centroids) <= 179 and lists.components.shape[1] == 24
    recalls = []
    for query in queries:
        library._model = Near(query)
        found = library.search(Query("someone"), top=10)
        scores = (vectors.astype(float) @ (query - CENTRE)).reshape(-1, EACH).max(axis=1)
        best = {f"{take:04d}.bvh" for take in np.argsort(-scores)[:10].tolist()}
        recalls.append(len(best & {answer.file for answer in found}) / 10)
    assert np.mean(recalls) >= 0.99


class Near:
    """A model of one text, which means any vector that is wanted."""

    __class__ = TrainedModel

    def __init__(self, vector):
        self.vector = vector

    def encode_text(self, texts):
        return np.repeat(self.vector[None], len(texts), axis=0)

    def judge(self, text, cosines):
        return (), {}


def first(library, vector):
    """The file and start of the best answer to a text of that vector."""
    library._model = Near(vector)
    (answer,) = library.search(Query("someone"), top=1)
    return answer.file, answer.start


def best_of(vectors, vector):
    return exact(vectors, vector - CENTRE, 1)[0]


@pytest.fixture
def begun(monkeypatch):
    """Threads that read windows into memory."""
    begun, keep = [], LiveContents.keep_in_memory

    def kept(self):
        begun.append(keep(self))
        return begun[-1]

    monkeypatch.setattr(LiveContents, "keep_in_memory", kept)
    return begun


def test_windows_are_read_anew_when_a_library_has_grown(store, begun):
    vectors = grow(store, 0, 100)
    library = Library(Store.open(store.address))
    library.keep_in_memory().join()
    before = library._contents.lists
    assert len(before.windows) == 100 * EACH and begun[0].daemon
    library.takes()
    assert library._contents.lists is before and len(begun) == 1
    # New takes are answers from when they are seen, and others are none from then on.
    grown = np.concatenate([vectors, grow(store, 100, 20)])
    assert first(library, grown[-1]) == best_of(vectors, grown[-1])
    store.forget(["0003.bvh"])
    grown[3 * EACH : 4 * EACH] = 0
    assert len(library.takes()) == 119 and library._contents.lists is None
    for vector in (grown[-1], vectors[3 * EACH]):
        assert first(library, vector) == best_of(grown, vector)
    # While it grows none are read; the next look finds it as it was.
    assert len(begun) == 1
    library.takes()
    begun[1].join()
    assert len(library._contents.lists.windows) == 119 * EACH
    for vector in (grown[-1], vectors[3 * EACH]):
        assert first(library, vector) == best_of(grown, vector)
    library.takes()
    assert len(begun) == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_windows_of_an_older_library_are_not_used(store, begun, monkeypatch, caplog, when):
    """An indexer adds takes while windows are put in lists, or once that is done."""
    grow(store, 0, 60)
    library = Library(Store.open(store.address))
    build, built = InvertedLists.of, []

    def late(*given):
        if when == "after":
            built.append(build(*given))
        grow(store, 60, 1)
        library.takes()
        if when == "before":
            built.append(build(*given))
        return built[0]

    monkeypatch.setattr(InvertedLists, "of", late)
    library.keep_in_memory().join()
    # That others are wanted by now is no fault, and none are put in lists for nothing.
    assert len(built) == (when == "after") and not caplog.messages
    assert library._contents.lists is None and len(library._contents.takes) == 61
    monkeypatch.setattr(InvertedLists, "of", build)
    library.takes()
    begun[1].join()
    assert len(library._contents.lists.windows) == 61 * EACH


@pytest.mark.parametrize("error", [InputError("no network"), MemoryError("too much")])
def test_windows_that_cannot_be_read_cost_no_answer(store, begun, monkeypatch, caplog, error):
    vectors = grow(store, 0, 60)
    library, build = Library(Store.open(store.address)), InvertedLists.of

    def fails(*_):
        raise error

    monkeypatch.setattr(InvertedLists, "of", fails)
    library.keep_in_memory().join()
    (said,) = caplog.messages
    assert store.address in said and str(error) in said
    assert first(library, vectors[77]) == best_of(vectors, vectors[77])
    # They are tried again when the library is another one, and not each time that somebody looks.
    library.takes()
    assert len(begun) == 1
    monkeypatch.setattr(InvertedLists, "of", build)
    grow(store, 60, 1)
    library.takes()
    library.takes()
    begun[1].join()
    assert len(library._contents.lists.windows) == 61 * EACH


def test_more_windows_than_are_kept_in_memory_stay_on_disk(store, begun, monkeypatch, caplog):
    vectors = grow(store, 0, 60)
    monkeypatch.setattr(inverted_lists, "MOST", 60 * EACH - 1)
    library = Library(Store.open(store.address))
    library.keep_in_memory().join()
    library.takes()
    assert library._contents.lists is None and len(begun) == 1
    (said,) = caplog.messages
    assert said.endswith("each search reads them (1,200 windows; expected at most 1,199)")
    assert first(library, vectors[77]) == best_of(vectors, vectors[77])


def test_threads_ask_while_windows_are_read(store):
    vectors = grow(store, 0, 100)
    library = Library(Store.open(store.address))
    thread, wanted = library.keep_in_memory(), best_of(vectors, vectors[5])
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        while thread.is_alive():
            assert set(pool.map(first, [library] * 8, [vectors[5]] * 8)) == {wanted}
    assert library._contents.lists is not None and first(library, vectors[5]) == wanted


def test_a_small_library_is_in_memory_as_it_is(uneven):
    library = Library(uneven)
    before = library._contents
    library.keep_in_memory().join()
    assert library._contents is before and before.windows is not None


def without_centre(facts):
    """The facts of a library from before its centre was kept."""
    tree = json.loads(facts.to_json())
    del tree["centre"]
    return Facts.from_json(json.dumps(tree), "library")


@pytest.mark.parametrize("older", [False, True], ids=["centred", "older"])
def test_answers_are_in_the_order_of_the_scores_that_they_show(uneven, monkeypatch, older):
    """A library from before its centre was kept has it from the model."""
    if older:
        monkeypatch.setattr(uneven, "facts", without_centre(uneven.facts))
        monkeypatch.setattr(Facts, "check", lambda *_: None)
        monkeypatch.setattr(facts_module, "centre", lambda model: tuple(CENTRE.tolist()))
    else:
        monkeypatch.setattr(Library, "model", property(lambda library: Sides()))
    library = Library(uneven, Sides())
    windows, best = library._contents.windows, {}
    for take, vector in zip(windows.takes.tolist(), windows.embeddings.astype(float), strict=True):
        best[take] = max(best.get(take, -9.0), float((TEXTS[0] - CENTRE) @ vector))
    order = sorted(best, key=lambda take: -best[take])
    found = library.search(Query("left"), top=60)
    assert [answer.file for answer in found] == [f"{take:02d}.bvh" for take in order]
    np.testing.assert_allclose([a.score for a in found], [best[k] for k in order], atol=1e-6)


def test_orders_and_examples_are_found_by_cosines(uneven, monkeypatch):
    monkeypatch.setattr(Library, "model", property(lambda library: Sides()))
    queries = [Query("left, then stands"), Query(like=Span("03.bvh", 0.0, 9.0))]
    found = [Library(uneven).search(query, 60) for query in queries]
    monkeypatch.setattr(uneven, "facts", without_centre(uneven.facts))
    assert found == [Library(uneven).search(query, 60) for query in queries]
    assert all(len(answers) > 10 for answers in found)


def test_places_within_a_take_are_in_the_order_of_its_curve(uneven, monkeypatch):
    monkeypatch.setattr(Library, "model", property(lambda library: Sides()))
    library, query = Library(uneven), Query("left", within="03.bvh")
    found = library.search(query, 60)
    scores = [answer.score for answer in found]
    assert len(found) > 10 and scores == sorted(scores, reverse=True)
    windows = library._contents.of(np.array([3]))
    best = float((windows.embeddings @ (TEXTS[0] - CENTRE)).max())
    assert scores[0] == pytest.approx(best, abs=1e-6)


def _span(answer):
    return answer.file, answer.start, answer.end, answer.mirrored
