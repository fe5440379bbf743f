"""The quickstart's queries are in no training caption."""

import pathlib
import re

from motext_jax.data.synthetic import HELD_OUT_WORDINGS, synthetic_motions

SCRIPT = pathlib.Path(__file__).parent.parent / "launch" / "quickstart.sh"


def test_the_queries_are_held_out_wordings():
    queries = re.findall(r'--query="(.*)"', SCRIPT.read_text())
    assert len(queries) >= 3
    held_out = {text for wordings in HELD_OUT_WORDINGS.values() for text in wordings}
    assert set(queries) <= held_out
    captions = {text for motion in synthetic_motions("train", size=300) for text in motion.captions}
    assert not held_out & captions
