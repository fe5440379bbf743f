"""Texts to CLIP's or BERT's tokens."""

import dataclasses
import functools
import gzip
import importlib.resources
import os
import pathlib
import re
import shutil
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
import tokenizers
from jaxtyping import Int

from motext_jax.errors import InputError
from motext_jax.input_file import read_json, reading
from motext_jax.whole_file import whole

CONTEXT_LENGTH = 77

TOKENIZER_FILES = (
    "vocab.json",
    "merges.txt",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
)
"""The tokenizer's files in a Hugging Face checkpoint."""

ENGLISH = pathlib.Path(__file__).parent / "english"
"""The folder of the package's word vectors and of their vocabulary, BERT's."""

START, END = "<|startoftext|>", "<|endoftext|>"

_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"
"""CLIP's words: contractions, letters, single digits, other signs."""

_MARKERS = re.compile(r"<\|(?:start|end)oftext\|>")


@dataclasses.dataclass(frozen=True)
class Tokenizer:
    """A text's tokens between two markers: CLIP's byte pairs, or BERT's WordPiece.

    Attributes:
      encode: texts to their tokens, without the markers.
      sos_id: the start-of-text token; BERT's [CLS].
      eos_id: the end-of-text token; BERT's [SEP].
      context_length: the most tokens of a text, markers included.
    """

    encode: Callable[[list[str]], list[list[int]]]
    sos_id: int
    eos_id: int
    context_length: int

    def __call__(self, texts: Sequence[str]) -> Int[np.ndarray, "n l"]:
        """Start-of-text, the text's tokens, end-of-text, and zeros up to the longest row.

        CLIP needs no mask for the zeros: attention is causal and the embedding is the first
        end-of-text's, so nothing that follows it counts. BERT's [PAD] is 0, and masked. l is a
        multiple of 8, or `context_length`: few lengths mean few compilations. A text that is too
        long loses its last tokens, not the marker.
        """
        room = self.context_length - 2
        rows = [[self.sos_id, *tokens[:room], self.eos_id] for tokens in self.encode(list(texts))]
        longest = max(map(len, rows))
        padded = np.zeros((len(rows), min(-(-longest // 8) * 8, self.context_length)), np.int32)
        for row, tokens in zip(padded, rows, strict=True):
            row[: len(tokens)] = tokens
        return padded


def clean(text: str) -> str:
    """Lower case, one space between words, composed characters (NFC), no markers.

    As CLIP does, but for its repair of broken Unicode and HTML. Both implementations would do most
    of this, each in its own way; done here, they agree. A marker that a text spells out would end
    it early.
    """
    text = unicodedata.normalize("NFC", text.lower())
    return " ".join(_MARKERS.sub(" ", text).split())


def load_tokenizer(
    directory: str | os.PathLike[str] | None, context_length: int = CONTEXT_LENGTH
) -> Tokenizer:
    """The tokenizer of a Hugging Face checkpoint's directory; None for CLIP's own vocabulary.

    Raises:
      InputError: the directory holds no tokenizer, or not CLIP's kind.
    """
    if directory is None:
        own = _clip_vocabulary()
        return Tokenizer(
            lambda texts: [row.ids for row in own.encode_batch([clean(text) for text in texts])],
            own.get_vocab_size() - 2,
            own.get_vocab_size() - 1,
            context_length,
        )
    source = _tokenizer_directory(directory)
    _check_no_code(source)

    # Here because the import takes seconds, which a run without a checkpoint need not wait.
    from transformers import CLIPTokenizer

    with reading(source, "the files of a CLIP tokenizer"):
        published = CLIPTokenizer.from_pretrained(
            source, local_files_only=True, trust_remote_code=False
        )

    def encode(texts: list[str]) -> list[list[int]]:
        cleaned = [clean(text) for text in texts]
        return published(cleaned, add_special_tokens=False, verbose=False)["input_ids"]

    return Tokenizer(encode, published.bos_token_id, published.eos_token_id, context_length)


@functools.cache
def _clip_vocabulary() -> tokenizers.Tokenizer:
    """CLIP's byte pairs (Radford et al. 2021; simple_tokenizer.py of the official code).

    The vocabulary is 256 bytes, the same at the end of a word, the merges in order, two markers.
    """
    packed = importlib.resources.files("motext_jax.text") / "clip_merges.txt.gz"
    lines = gzip.decompress(packed.read_bytes()).decode().splitlines()
    merges = [(first, second) for first, second in map(str.split, lines)]
    # CLIP's order: printable bytes stand for themselves, the others for what follows U+00FF.
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols = [chr(byte) for byte in printable]
    symbols += [chr(256 + number) for number in range(256 - len(symbols))]
    tokens = [*symbols, *(f"{symbol}</w>" for symbol in symbols), *map("".join, merges), START, END]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer = tokenizers.Tokenizer(
        tokenizers.models.BPE(vocabulary, merges, end_of_word_suffix="</w>")
    )
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Sequence(
        [
            tokenizers.pre_tokenizers.Split(tokenizers.Regex(_WORDS), "removed", invert=True),
            tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return tokenizer


def is_common(word: str) -> bool:
    """True for a word that CLIP's vocabulary has whole: one of 36,000 of captions."""
    return len(_clip_vocabulary().encode(word).ids) == 1


def load_wordpiece(directory: str | os.PathLike[str], context_length: int) -> Tokenizer:
    """The WordPiece tokenizer of a BERT checkpoint's directory, from its tokenizer.json.

    Raises:
      InputError: the directory holds no tokenizer.json, or not BERT's kind.
    """
    path = pathlib.Path(directory).expanduser() / "tokenizer.json"
    if not path.is_file():
        raise InputError(f"{path.parent} holds no tokenizer.json, which a sentence BERT's has")
    with reading(path, "a tokenizer"):
        published = tokenizers.Tokenizer.from_file(str(path))
    cls, sep, pad = (published.token_to_id(name) for name in ("[CLS]", "[SEP]", "[PAD]"))
    wordpiece = isinstance(published.model, tokenizers.models.WordPiece)
    if not wordpiece or cls is None or sep is None or pad != 0:
        raise InputError(
            f"{path}: not a BERT tokenizer, which is a WordPiece with [CLS], [SEP], and [PAD] as 0"
        )
    # The file may fix a shorter length; and a [SEP] or [PAD] that a text spells out is text.
    published.no_truncation()
    published.no_padding()
    published.encode_special_tokens = True

    def encode(texts: list[str]) -> list[list[int]]:
        return [row.ids for row in published.encode_batch(texts, add_special_tokens=False)]

    return Tokenizer(encode, cls, sep, context_length)


def copy_tokenizer(source: str | os.PathLike[str], destination: str | os.PathLike[str]) -> None:
    """Copies a checkpoint's tokenizer files, so that a trained model needs it no longer.

    Raises:
      InputError: the source holds no tokenizer.
    """
    directory = _tokenizer_directory(source)
    with whole(pathlib.Path(destination)) as folder:
        folder.mkdir()
        for name in TOKENIZER_FILES:
            if (directory / name).is_file():
                shutil.copyfile(directory / name, folder / name)


def _check_no_code(directory: pathlib.Path) -> None:
    """Raises InputError for a tokenizer that is a Python class of its checkpoint's own.

    CLIP's class would not be the one that is meant, and theirs is never imported.
    """
    path = directory / "tokenizer_config.json"
    if not path.is_file():
        return
    config = read_json(path)
    if not isinstance(config, dict):
        raise InputError(f"{path}: expected a JSON object")
    for name in ("auto_map", "trust_remote_code"):
        if config.get(name):
            raise InputError(f"{path}: has {name}, so it needs its author's code, which is not run")


def _tokenizer_directory(directory: str | os.PathLike[str]) -> pathlib.Path:
    """Checks that a directory holds a tokenizer: transformers would invent an empty vocabulary."""
    path = pathlib.Path(directory).expanduser()
    for names in (["tokenizer.json"], ["vocab.json", "merges.txt"]):
        if all((path / name).is_file() for name in names):
            return path
    raise InputError(
        f"{path} holds no tokenizer: neither tokenizer.json nor vocab.json and merges.txt"
    )
