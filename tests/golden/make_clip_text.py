"""Makes clip_text.npz: text embeddings of torch's CLIPTextModelWithProjection, in float64.

Run once, with torch 2.13.0 (CPU), transformers 5.23.0, safetensors 0.8.0 and numpy 2.4.6:

    PYTHONPATH=tests python tests/golden/make_clip_text.py tests/golden/clip_text.npz

For each checkpoint of `clip_checkpoint` (full, small) and each of three ways to pad the same six
texts, `<size>/<padding>/tokens` [n l] and `<size>/<padding>/text_embeds` [n d]:
zeros and eos to 77 tokens; trimmed, the texts of at most 16 tokens, to 16.
"""

import pathlib
import sys
import tempfile

import clip_checkpoint
import numpy as np
import torch
import transformers

# Tokens between the markers: none, a word, captions, and exactly what fits.
LENGTHS = (0, 1, 5, 14, 40, 75)


def paddings(config):
    """The same texts, padded in three ways."""
    random = np.random.RandomState(1)
    sos, eos = config["bos_token_id"], config["eos_token_id"]
    zeros = np.zeros((len(LENGTHS), 77), np.int32)
    padded_by_eos = np.full_like(zeros, eos)
    for row, length in enumerate(LENGTHS):
        text = [sos, *random.randint(0, sos, length), eos]
        zeros[row, : length + 2] = padded_by_eos[row, : length + 2] = text
    trimmed = zeros[[length <= 14 for length in LENGTHS], :16]
    return {"zeros": zeros, "eos": padded_by_eos, "trimmed": trimmed}


def main(path):
    """Writes the golden file."""
    golden = {}
    for size in ("full", "small"):
        config = getattr(clip_checkpoint, size.upper())
        with tempfile.TemporaryDirectory() as directory:
            clip_checkpoint.write_checkpoint(pathlib.Path(directory), config)
            model = transformers.CLIPTextModelWithProjection.from_pretrained(
                directory, dtype=torch.float64
            ).eval()
        for padding, tokens in paddings(config).items():
            with torch.no_grad():
                embeddings = model(torch.tensor(tokens, dtype=torch.int64)).text_embeds
            golden[f"{size}/{padding}/tokens"] = tokens
            golden[f"{size}/{padding}/text_embeds"] = embeddings.numpy()
            print(size, padding, embeddings.dtype, embeddings.abs().mean().item())
    np.savez_compressed(path, **golden)


if __name__ == "__main__":
    main(sys.argv[1])
