"""Splits by hash: what was dealt stays, and small folders have all three."""

import hashlib
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.data.dealing import deal, held_out

NAMES = [f"takes/{number}.bvh" for number in range(2000)]


def test_about_eight_in_ten_are_trained_on():
    counts = Counter(deal(NAMES, seed=0).values())
    # Four standard deviations of a binomial draw.
    assert abs(counts["val"] - 200) < 54 and abs(counts["test"] - 200) < 54
    assert counts["train"] == 2000 - counts["val"] - counts["test"]
    assert deal(NAMES, seed=0) != deal(NAMES, seed=1)


def test_a_files_own_hash_decides_by_hand():
    dealt = deal(NAMES, seed=7)
    for name in NAMES[3:50]:
        first = hashlib.sha256(f"7:{name}".encode()).hexdigest()[:16]
        place = int(first, 16) / 16**16
        assert dealt[name] == ("test" if place < 0.1 else "val" if place < 0.2 else "train")


def test_three_files_are_in_three_splits():
    for seed in range(20):
        assert sorted(deal(NAMES[:3], seed).values()) == ["test", "train", "val"]


def test_few_files_leave_a_tenth_for_each_of_two_splits():
    for seed in range(20):
        for count in range(3, 100):
            counts = Counter(deal(NAMES[:count], seed).values())
            # The second of two that are short gets the file after.
            assert counts["test"] + counts["val"] >= max(2, 2 * (count // 10) - 1)
            assert min(counts["test"], counts["val"]) >= max(1, count // 10 - 1)


def test_of_many_files_the_hash_alone_decides():
    """As before few files were helped: by SHA-256 of seed and name, and the first three by hand."""
    for seed in range(5):
        dealt = deal(NAMES[:100], seed)
        for name in NAMES[3:100]:
            place = int(hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()[:16], 16) / 16**16
            assert dealt[name] == ("test" if place < 0.1 else "val" if place < 0.2 else "train")


def test_splits_of_other_names_and_none_for_validation():
    dealt = deal(NAMES, seed=0)
    other = {"test": "probe", "val": "", "train": "learn"}
    renamed = deal(NAMES, 0, tuple(other.values()))
    expected = {name: other[split] or "learn" for name, split in dealt.items()}
    assert renamed == expected


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.integers(1, 120), st.integers(0, 120), st.integers(0, 99))
def test_rows_at_the_end_move_nothing_but_to_training(count, more, seed):
    before, after = deal(NAMES[:count], seed), deal(NAMES[: count + more], seed)
    moved = {name for name, split in before.items() if after[name] != split}
    assert {after[name] for name in moved} <= {"train"}
    assert not moved or count < 100 <= count + more


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.permutations(NAMES[:12]), st.sets(st.sampled_from(NAMES[:12]), min_size=4))
def test_rows_anywhere_else_never_move_a_file_from_training_but_the_third(order, held):
    before_order = [name for name in order if name in held]
    before, after = deal(before_order, seed=0), deal(order, seed=0)
    for name in before_order[3:]:
        if before[name] == "train":
            assert after[name] == "train"


def test_a_validation_split_out_of_training_leaves_some():
    chosen = held_out(NAMES, seed=0)
    assert 146 < len(chosen) < 256
    assert held_out(NAMES[:2], seed=0) == {NAMES[0]}
    assert held_out(NAMES[:1], seed=0) == held_out([], seed=0) == set()
    # Of files that were dealt to training, too.
    train = [name for name, split in deal(NAMES, seed=0).items() if split == "train"]
    assert 0.06 < len(held_out(train, seed=0)) / len(train) < 0.14
