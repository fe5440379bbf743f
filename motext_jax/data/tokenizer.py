"""Texts to CLIP's tokens."""

import dataclasses
import os
import pathlib
import re
import shutil
import unicodedata
from collections.abc import Callable, Sequence

import instant_clip_tokenizer
import numpy as np
from jaxtyping import Int

from motext_jax.errors import InputError

CONTEXT_LENGTH = 77

TOKENIZER_FILES = (
    "vocab.json",
    "merges.txt",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
)
"""Of a Hugging Face checkpoint."""

_MARKERS = re.compile(r"<\|(?:start|end)oftext\|>")


@dataclasses.dataclass(frozen=True)
class Tokenizer:
    """CLIP's byte-pair encoding of a text between two markers.

    Attributes:
      encode: clean texts to their tokens, without the markers.
      sos_id: the start-of-text token.
      eos_id: the end-of-text token.
      context_length: the most tokens of a text, markers included.
    """

    encode: Callable[[list[str]], list[list[int]]]
    sos_id: int
    eos_id: int
    context_length: int

    def __call__(self, texts: Sequence[str]) -> Int[np.ndarray, "n l"]:
        """Start-of-text, the text's tokens, end-of-text, and zeros up to the longest row.

        The zeros need no mask: attention is causal and the embedding is the first end-of-text's,
        so nothing that follows it counts. l is a multiple of 8, or `context_length`: few lengths
        mean few compilations. A text that is too long loses its last tokens, not the marker.
        """
        room = self.context_length - 2
        rows = [
            [self.sos_id, *tokens[:room], self.eos_id]
            for tokens in self.encode([clean(text) for text in texts])
        ]
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
        own = instant_clip_tokenizer.Tokenizer()
        return Tokenizer(
            lambda texts: [own.encode(text) for text in texts],
            own.start_of_text(),
            own.end_of_text(),
            context_length,
        )
    source = _tokenizer_directory(directory)

    # Here because the import takes seconds, which a run without a checkpoint need not wait.
    from transformers import CLIPTokenizer

    try:
        published = CLIPTokenizer.from_pretrained(source, local_files_only=True)
    # The tokenizers library raises plain Exceptions.
    except Exception as error:
        raise InputError(f"{source}: not the files of a CLIP tokenizer ({error})") from error
    return Tokenizer(
        lambda texts: published(texts, add_special_tokens=False, verbose=False)["input_ids"],
        published.bos_token_id,
        published.eos_token_id,
        context_length,
    )


def copy_tokenizer(source: str | os.PathLike[str], destination: str | os.PathLike[str]) -> None:
    """Copies a checkpoint's tokenizer files, so that a trained model needs it no longer.

    Raises:
      InputError: the source holds no tokenizer.
    """
    directory = _tokenizer_directory(source)
    target = pathlib.Path(destination)
    # Renamed when complete: a run that is killed in between leaves no half of a tokenizer.
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for name in TOKENIZER_FILES:
        if (directory / name).is_file():
            shutil.copyfile(directory / name, partial / name)
    partial.replace(target)


def _tokenizer_directory(directory: str | os.PathLike[str]) -> pathlib.Path:
    """The directory, once it is sure that transformers would not make up an empty vocabulary."""
    path = pathlib.Path(directory).expanduser()
    for names in (["tokenizer.json"], ["vocab.json", "merges.txt"]):
        if all((path / name).is_file() for name in names):
            return path
    raise InputError(
        f"{path} holds no tokenizer: neither tokenizer.json nor vocab.json and merges.txt"
    )
