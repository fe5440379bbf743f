import gzip
import importlib.resources
import unicodedata

import clip_checkpoint
import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from motext_jax.errors import InputError
from motext_jax.text.tokenizer import clean, copy_tokenizer, load_tokenizer

OWN = load_tokenizer(None)
SOS, EOS = 49406, 49407
# Unassigned characters are letters to one Unicode version and nothing to another.
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cn"))) | st.text("aeiou nrst'’.,-1é")
GOLDEN = [
    ("a man walks forward, then turns left.", [320, 786, 8192, 2342, 267, 1594, 3185, 1823, 269]),
    (
        "they're don't it'll she's we've i'm he'd",
        [889, 982, 847, 713, 585, 1342, 1043, 568, 649, 1200, 328, 880, 797, 1896],
    ),
    ("12 34 a1b2", [272, 273, 274, 275, 320, 272, 321, 273]),
    ("naïve café über", [1097, 35689, 563, 15304, 6522, 1516]),
    ("走る 人", [164, 113, 108, 3909, 489, 21078, 374]),
    ("🏃\u200d♀️ runs 💃", [16820, 9605, 5586, 14333]),
    ("x-ray--...!?", [343, 268, 3077, 2154, 3002, 6004]),
    ("supercalifragilisticexpialidocious", [1642, 2857, 13093, 2076, 5868, 26850, 835, 639, 38466]),
    ("кот идёт", [27152, 13506, 141, 480, 29503, 112, 141, 239, 141, 480]),
    ("’quoted’ “text”", [728, 503, 27706, 728, 503, 728, 506, 4160, 728, 507]),
]
settings = hypothesis.settings(derandomize=True, deadline=None)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A directory with CLIP's own vocabulary as Hugging Face publishes it."""
    packed = importlib.resources.files("motext_jax.text") / "clip_merges.txt.gz"
    merges = gzip.decompress(packed.read_bytes()).decode().splitlines()
    directory = tmp_path_factory.mktemp("published")
    clip_checkpoint.write_vocabulary(directory, merges)
    return directory


@pytest.fixture(scope="module")
def from_files(published):
    return load_tokenizer(published)


@pytest.fixture
def small(tmp_path):
    clip_checkpoint.write_tokenizer(tmp_path / "small")
    return tmp_path / "small"


def test_worked_example():
    # From OpenAI's tokenizer: "a person riding a motorcycle", "hi there".
    tokens = OWN(["A person riding a motorcycle", "Hi there"])
    assert tokens.dtype == np.int32
    np.testing.assert_array_equal(
        tokens,
        [[SOS, 320, 2533, 6765, 320, 10297, EOS, 0], [SOS, 1883, 997, EOS, 0, 0, 0, 0]],
    )


@pytest.mark.parametrize(("text", "tokens"), GOLDEN)
def test_another_implementation_gives_these_tokens(text, tokens):
    # instant_clip_tokenizer 0.1.1, which is written in Rust and holds a vocabulary of its own.
    assert OWN.encode([text]) == [tokens]


def test_own_files(small):
    tokenizer = load_tokenizer(small)
    # Bytes are CLIP's: "b" is 65, and 256 more where it ends a word; "ab" is the second merge.
    np.testing.assert_array_equal(tokenizer(["Ab b"])[0, :6], [598, 64, 321, 321, 599, 0])
    np.testing.assert_array_equal(tokenizer(["abb"])[0, :5], [598, 513, 321, 599, 0])
    assert (tokenizer.sos_id, tokenizer.eos_id) == (598, 599)


@settings
@hypothesis.given(st.lists(TEXTS, min_size=1, max_size=4))
def test_files_and_own_vocabulary_agree(from_files, texts):
    np.testing.assert_array_equal(from_files(texts), OWN(texts))


def test_files_and_own_vocabulary_agree_on_every_letter(from_files):
    # The planes that hold the living scripts, with emoji; each letter within a word and at its end.
    letters = [
        chr(point)
        for point in [*range(0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x1FC00)]
        if unicodedata.category(chr(point)) not in ("Cs", "Cn", "Co")
    ]
    texts = [f"a{letter}b {letter}" for letter in letters]
    assert from_files.encode([clean(t) for t in texts]) == OWN.encode([clean(t) for t in texts])


@settings
@hypothesis.given(TEXTS)
def test_any_text_stands_between_the_markers(text):
    (tokens,) = OWN([text])
    assert len(tokens) % 8 == 0 or len(tokens) == 77
    (ends,) = np.nonzero(tokens == EOS)
    assert tokens[0] == SOS
    assert len(ends) == 1
    assert not tokens[ends[0] + 1 :].any()


@settings
@hypothesis.given(TEXTS)
def test_case_and_white_space_do_not_matter(text):
    spaced = "\t " + "\n ".join(text.split()) + "\r\n"
    np.testing.assert_array_equal(OWN([text.lower()]), OWN([text]))
    np.testing.assert_array_equal(OWN([spaced]), OWN([text]))
    decomposed = unicodedata.normalize("NFD", text)
    composed = unicodedata.normalize("NFC", text)
    np.testing.assert_array_equal(OWN([decomposed]), OWN([composed]))


@pytest.mark.parametrize("text", ["", " \n", "<|endoftext|>", "<|STARTOFTEXT|> "])
def test_text_of_nothing(from_files, text):
    for tokenizer in (OWN, from_files):
        np.testing.assert_array_equal(tokenizer([text]), [[SOS, EOS, 0, 0, 0, 0, 0, 0]])


@pytest.mark.parametrize(
    ("words", "length"), [(0, 8), (6, 8), (7, 16), (70, 72), (71, 77), (75, 77), (76, 77)]
)
def test_length_is_a_multiple_of_8_up_to_the_context(words, length):
    tokens = OWN(["walk " * words, "walk"])
    assert tokens.shape == (2, length)
    assert tokens[0, min(words, 75) + 1] == EOS


def test_long_text_keeps_its_beginning_and_the_marker(from_files):
    whole, cut = OWN(["walk run " * 37]), OWN(["walk run " * 100])
    np.testing.assert_array_equal(cut[:, :75], whole[:, :75])
    assert cut[0, -1] == EOS
    np.testing.assert_array_equal(from_files(["walk run " * 100]), cut)
    short = load_tokenizer(None, context_length=12)(["walk run " * 100])
    np.testing.assert_array_equal(short, [[*whole[0, :11], EOS]])


def test_copy_is_self_contained(small, tmp_path):
    (small / "config.json").write_text("{}")
    (small / "model.safetensors").touch()
    copy_tokenizer(small, tmp_path / "run" / "tokenizer")
    copied = tmp_path / "run" / "tokenizer"
    assert sorted(path.name for path in copied.iterdir()) == ["merges.txt", "vocab.json"]
    texts = ["a person walks", "sits"]
    np.testing.assert_array_equal(load_tokenizer(copied)(texts), load_tokenizer(small)(texts))


def test_single_file_tokenizer(small, tmp_path):
    from transformers import CLIPTokenizer

    CLIPTokenizer.from_pretrained(small).save_pretrained(tmp_path / "single")
    assert not (tmp_path / "single" / "vocab.json").exists()
    texts = ["a person walks", "sits"]
    single = load_tokenizer(tmp_path / "single")
    np.testing.assert_array_equal(single(texts), load_tokenizer(small)(texts))


def test_refuses_a_directory_without_tokenizer(small, tmp_path):
    (small / "merges.txt").unlink()
    message = f"{small} holds no tokenizer: neither tokenizer.json nor vocab.json and merges.txt"
    with pytest.raises(InputError, match=message):
        load_tokenizer(small)
    with pytest.raises(InputError, match=message):
        copy_tokenizer(small, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_refuses_files_of_another_kind(small):
    (small / "vocab.json").write_text('{"[CLS]": 0, "walk": 1}')
    with pytest.raises(InputError, match=f"{small}: not the files of a CLIP tokenizer"):
        load_tokenizer(small)
