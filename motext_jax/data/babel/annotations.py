"""BABEL's annotation files: which words were said of which seconds of which AMASS file.

{train,val,test,extra_train,extra_val}.json: {sid: {babel_sid, url, feat_p, dur, seq_ann,
frame_ann}}; the extra files hold lists, `seq_anns` and `frame_anns`. Punnakkal et al. 2021.
"""

import dataclasses
import pathlib
from collections.abc import Iterator
from typing import Any

from motext_jax.errors import InputError
from motext_jax.input_file import read_json
from motext_jax.shown import quoted, shown, whole_text

LONGEST = 1e6
"""Seconds of a recording, which is eleven days."""


@dataclasses.dataclass(frozen=True)
class Segment:
    """A labelled span of a motion.

    Attributes:
      id: BABEL's seg_id.
      start: start in seconds of the file.
      end: end in seconds of the file.
      raw: the label as it was typed.
      processed: the label without punctuation and so on; the paper's retrieval text.
      categories: actions of the segment, BABEL's act_cat; empty for a segment without any.
    """

    id: str
    start: float
    end: float
    raw: str
    processed: str
    categories: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Sequence:
    """An annotated file.

    Attributes:
      sid: BABEL's sequence id.
      file: BABEL's feat_p, the AMASS file by the folders of its time.
      seconds: duration of the file.
      segments: labels of the file's frames if there are any, otherwise of the whole file.
    """

    sid: str
    file: str
    seconds: float
    segments: tuple[Segment, ...]


def read_sequences(path: pathlib.Path) -> list[Sequence]:
    """The sequences of an annotation file, in its order.

    Raises:
      InputError: there is no such file, it is no JSON, or a field is missing or of another kind;
        the sentence names the sequence.
    """
    if not path.exists():
        raise InputError(f"{path}: there is no such file; it comes with BABEL's download")
    content = read_json(path)
    if not isinstance(content, dict):
        raise InputError(
            f"{path}: holds a {type(content).__name__}; expected sequences by their id"
        )
    return [_sequence(path, sid, entry) for sid, entry in content.items()]


def _sequence(path: pathlib.Path, sid: str, entry: Any) -> Sequence:
    try:
        _require(entry, dict)
        seconds = _seconds(entry["dur"])
        annotations = _lists(entry, "frame_ann") or _lists(entry, "seq_ann")
        segments = tuple(_segments(annotations, seconds))
        return Sequence(whole_text(sid), _text(entry["feat_p"]), seconds, segments)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        problem = f"no field {error}" if isinstance(error, KeyError) else str(error)
        where = f"{path}, sequence {shown(sid)}"
        raise InputError(f"{where}: {problem}; expected BABEL's fields") from None


def _seconds(value: Any) -> float:
    # JSON has numbers of any size, which float() does not take.
    if isinstance(value, bool | str) or not 0 <= value < LONGEST:
        raise ValueError(f"{quoted(value)} is no time in seconds")
    return float(value)


def _require(value: Any, kind: type) -> Any:
    """The value, of a kind of JSON."""
    if not isinstance(value, kind):
        raise TypeError(f"{quoted(value)} is no {kind.__name__}")
    return value


def _text(value: Any) -> str:
    return whole_text(_require(value, str))


def _lists(entry: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The annotations under a name, one in the dense files and any number in the extra ones."""
    single, several = entry.get(name), _require(entry.get(f"{name}s") or [], list)
    found = [annotation for annotation in [single, *several] if annotation is not None]
    return [_require(annotation, dict) for annotation in found]


def _segments(annotations: list[dict[str, Any]], seconds: float) -> Iterator[Segment]:
    for annotation in annotations:
        # Labels of the test split are null.
        for label in _require(annotation["labels"] or [], list):
            _require(label, dict)
            start = _seconds(label.get("start_t") or 0.0)
            end = label.get("end_t")
            yield Segment(
                _text(label["seg_id"]),
                start,
                seconds if end is None else _seconds(end),
                _text(label["raw_label"] or ""),
                _text(label["proc_label"] or ""),
                tuple(map(_text, _require(label["act_cat"] or [], list))),
            )
