"""The words of training texts: counted, bounded, written and read."""

import pytest

from motext_jax.errors import InputError
from motext_jax.trained import words as words_module
from motext_jax.trained.words import meant, new_words, read_words, words_of, write_words


def test_the_most_frequent_words_come_first():
    texts = ["A man waves.", "a man bows", "counter-clockwise, a turn", "x" * 41]
    expected = ("a", "man", "bows", "counterclockwise", "turn", "waves")
    assert words_of(texts) == expected


def test_words_come_back_each_once(tmp_path):
    write_words(["a", "élan", "a", "man's"], tmp_path / "words.txt")
    assert (tmp_path / "words.txt").read_text() == "a\nélan\nman's\n"
    assert read_words(tmp_path / "words.txt") == {"a", "élan", "man's"}


def test_without_a_word_there_is_no_file(tmp_path):
    """An empty file would be refused when the run is read."""
    write_words(words_of(["001", ""]), tmp_path / "words.txt")
    assert not (tmp_path / "words.txt").exists()


def test_no_more_are_kept_than_can_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr(words_module, "MOST", 2)
    path = tmp_path / "words.txt"
    assert words_of(["b b b a a c"]) == ("b", "a")
    write_words("bac", path)
    assert read_words(path) == {"a", "b"}
    path.write_text("a\nb\nc\n")
    with pytest.raises(InputError, match="words.txt: expected at most 2 words"):
        read_words(path)
    path.write_text("a" * 1000)
    with pytest.raises(InputError, match="words.txt: 1,000 bytes; expected at most 2 words"):
        read_words(path)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a\xc3\n"])
def test_what_is_no_text_is_named(tmp_path, content):
    (tmp_path / "words.txt").write_bytes(content)
    with pytest.raises(InputError, match="words.txt: not a list of words in UTF-8"):
        read_words(tmp_path / "words.txt")


def test_words_that_are_new():
    known = frozenset({"a", "man", "waves", "counterclockwise", "dog"})
    assert new_words("A man WAVES anti-clockwise", known) == []
    assert new_words("a zebra, a Yak, a zebra", known) == ["zebra", "yak"]
    assert new_words("waves 360 degrees, then 2", known) == ["degrees"]
    assert new_words("finally waves, and a zebra later", known) == ["zebra"]
    assert new_words("the dog's hat, the Dog’s, a zebra’s", known) == ["hat", "zebra’s"]


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("wawes", "waves"),  # a letter is changed
        ("jumsp", "jumps"),  # two are exchanged, which comes before "jump", where one is dropped
        ("kiicks", "kicks"),  # one is added
        ("crwls", "crawls"),  # one is dropped
        ("someoen", "someone"),  # grammar can be mistyped, too
        ("wolks", ""),  # walks, or works
        ("hiking", ""),  # no "hiding": it is a word
        ("zawes", ""),  # another first letter
        ("kik", "kick"),  # a sound is spelled otherwise
        ("wavs", "waves"),  # an e is dropped, which comes before "wave", where a letter is changed
        ("waevs", "waves"),
        ("teh", "the"),  # a short word whose letters are exchanged
        ("wal", ""),  # short words are near to many
        ("struts", ""),  # no "strums": it is a form of a word
        ("stomping", ""),
        ("skiing", ""),
        ("claping", "clapping"),  # which is no form of "clap"
        ("yodels", ""),
        ("swerves", ""),  # no "serves": it is a rare verb
        ("stoop", ""),
        ("waves" * 400, ""),
    ],
)
def test_the_word_that_a_mistyped_one_is_meant_for(word, known):
    words = (
        "wave waves jump jumps kick kicks kid crawls someone walk walks works hiding the strums "
        "stamping skipping clapping serves stop"
    )
    assert meant(word, frozenset(words.split())) == known
