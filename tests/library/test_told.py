"""Faults that are listed when they are first met, and counted from then on."""

import pytest

from motext_jax.library import kept
from motext_jax.library.shards import Shard
from motext_jax.library.summary import Summary
from motext_jax.library.told import Told


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def indexed(monkeypatch, tmp_path):
    """Brings a library up to date with the given faults; gives the lines that are printed."""

    def run(faults, does=kept.ready_to_search, **options):
        monkeypatch.setattr(kept, "index", lambda *_, **__: Summary(bad=list(faults)))
        with (tmp_path / "printed").open("w") as out:
            does("my takes", "/lib", out=out, **options)
        lines = (tmp_path / "printed").read_text().splitlines()
        return [line for line in lines if not line.startswith(("files:", "/lib"))]

    return run


def test_a_search_lists_a_fault_once(indexed):
    assert indexed(["a: bad"]) == ["1 file or row has a fault:", "  a: bad"]
    how = "listed by: python -m motext_jax.index 'my takes' --library=/lib"
    assert indexed(["a: bad"]) == [f"1 file or row has a fault as before; {how}"]
    assert indexed(["a: bad", "b: worse", "b: worse"])[-2:] == [
        "1 file or row has a fault:",
        "  b: worse",
    ]
    assert indexed([]) == []
    # Mended and broken again, it is new.
    assert indexed(["a: bad"])[1:] == ["  a: bad"]


def test_index_lists_all_of_them_each_time(indexed):
    faults = [f"{number}: bad {number}" for number in range(30)]
    for _ in range(2):
        found = indexed(faults, kept.bring_up_to_date, shard=Shard())
        assert found == ["30 files or rows have faults:", *(f"  {one}" for one in faults)]
    assert indexed(faults)[0].startswith("30 files or rows have faults as before; ")


def test_a_search_lists_ten_new_ones_and_says_where_the_others_are(indexed):
    found = indexed([f"{number}: bad {number}" for number in range(30)])
    assert len(found) == 12 and found[0] == "30 files or rows have faults:"
    assert found[-1].startswith("  ... and 20 more; listed by: python -m motext_jax.index")


def test_equal_reasons_are_told_together(indexed):
    faults = [f"{number}.bvh: {'bad' if number % 2 else 'worse'}" for number in range(24)]
    odd, even = ("; ".join(f"{number}.bvh" for number in range(k, 24, 2)) for k in (3, 2))
    assert indexed(faults, kept.bring_up_to_date) == [
        "24 files or rows have faults:",
        "  0.bvh: worse",
        f"  ... and 11 more, the same: {even}",
        "  1.bvh: bad",
        f"  ... and 11 more, the same: {odd}",
    ]
    more = [f"{'n' * 40}{number}.bvh: no motion" for number in range(99)]
    listed = indexed([*faults, *more])
    assert len(listed) == 4 and listed[2] == f"  {more[0]}"
    assert listed[3].startswith("  ... and 98 more, the same: nnn") and len(listed[3]) < 450


def test_what_was_told_may_be_damaged_or_not_be_kept(indexed):
    Told("/lib").path.parent.mkdir(parents=True)
    Told("/lib").path.write_text("{")
    assert indexed(["a: bad"])[1:] == ["  a: bad"]
    assert Told("s3://b/x").new(["a: bad"]) == ["a: bad"]
    assert Told("/lib").new(["a: bad"]) == []
    Told("/lib").path.parent.chmod(0o500)
    assert indexed(["a: bad", "b: bad"])[-1] == "  b: bad"
