"""Pictures of clips whose texts were written by nobody's friend."""

import pytest
import tiny
from PIL import Image

from motext_jax.data.left_out import LIST, read_left_out
from motext_jax.data.preview import preview
from motext_jax.errors import InputError

CAPTIONS = [r"$\frac$ [/b] [link=x]y[/link]", "\x1b[31mred\x07", "word " * 30_000]
LABELS = ["\x1b[2J$\\frac$[/b]", "stand", "[red]walk", "k" * 5000]


def test_a_long_list_is_written_and_named(tmp_path, capsys):
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 14}, frames=16)
    for number in range(12):
        (root / "texts" / f"train_{number:03d}.txt").write_text("nothing\n")
    preview(tiny.config(root).data, ["train"], tmp_path / "out", count=1)
    printed = capsys.readouterr().out
    assert f"... and so on; all are in {tmp_path / 'out' / LIST}" in printed
    assert len(read_left_out(tmp_path / "out")["train"]) == 12


def test_every_split_is_looked_at(tmp_path, capsys):
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 3, "val": 2}, frames=16)
    (root / "texts" / "val_001.txt").write_text("nothing\n")
    preview(tiny.config(root).data, ["train", "val", "test"], tmp_path / "out", count=5)
    printed = capsys.readouterr().out
    assert "4 clips of 3 of the 3 files of train, 1 of the 2 files of val; wrote" in printed
    assert "there is no split 'test'" in printed and "val_001.txt" in printed
    assert read_left_out(tmp_path / "out").keys() == {"train", "val"}
    with pytest.raises(InputError, match="there is no split 'x'"):
        preview(tiny.config(root).data, ["x", "y"], tmp_path / "out", count=5)


@pytest.fixture
def folder(tmp_path):
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 4}, frames=16)
    for number, caption in enumerate(CAPTIONS):
        (root / "texts" / f"train_{number:03d}.txt").write_text(f"{caption}#a/DET#0.0#0.0\n")
    rows = [f"train_{number:03d},{label}" for number, label in enumerate(LABELS)]
    (root / "labels.csv").write_text("\n".join(["id,action", *rows]) + "\n")
    return root


def test_hostile_texts_are_drawn_and_printed_as_texts(folder, tmp_path, capsys):
    out = tmp_path / "out"
    preview(tiny.config(folder).data, ["train"], out, count=4)
    assert {path.name for path in out.iterdir()} == {"clips.png", "clips.webp", "categories.png"}
    with Image.open(out / "clips.png") as picture:
        assert max(picture.size) < 4000
    printed = capsys.readouterr().out
    assert "4 clips of 4 of the 4 files of train" in printed
    assert "\x1b" not in printed


def test_files_that_cannot_be_read_are_named_without_what_a_terminal_acts_on(
    folder, tmp_path, capsys
):
    kept = (folder / "texts" / "train_003.txt").read_text()
    (folder / "texts" / "train_003.txt").write_text("\x1b[31mno caption\n")
    preview(tiny.config(folder).data, ["train"], tmp_path / "out", count=1)
    printed = capsys.readouterr().out
    (why,) = read_left_out(tmp_path / "out")["train"]
    assert "train_003.txt" in why
    assert "1 file or row was left out:\n" in printed and "train_003.txt" in printed
    assert "\x1b" not in printed
    (folder / "texts" / "train_003.txt").write_text(kept)
    preview(tiny.config(folder).data, ["train"], tmp_path / "out", count=1)
    assert not (tmp_path / "out" / LIST).exists()
    for path in (folder / "texts").iterdir():
        path.write_text("nothing")
    with pytest.raises(InputError, match="none of the files of 'train' could be read: .*; and 1 m"):
        preview(tiny.config(folder).data, ["train"], tmp_path / "out", count=1)
