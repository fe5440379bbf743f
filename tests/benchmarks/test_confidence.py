"""Shares of words in a table of confidence."""

import importlib
import pathlib

BENCHMARKS = pathlib.Path(__file__).parents[2] / "benchmarks"


def test_no_answers_have_no_shares(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS / "library")
    confidence = importlib.import_module("library.confidence")
    assert confidence.shares(["likely", "likely", "unlikely"]) == ["67 %", "0 %", "33 %"]
    assert confidence.shares([]) == ["-"] * 3
