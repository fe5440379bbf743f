"""The facts that an option holds, and their effects."""

import dataclasses
import math

import pytest

from motext_jax.config.option import Section, check, option, settings
from motext_jax.errors import InputError


@dataclasses.dataclass
class Inner(Section):
    size: int = option(4, at_least=1, multiple_of=2)
    share: float = option(0.0, at_least=0, below=1)


@dataclasses.dataclass
class Outer(Section):
    kind: str = option("a", choices=("a", "b"), read_by=("x", "y"), decides_clips=("x",))
    inner: Inner = dataclasses.field(default_factory=Inner)
    free: float = 0.0

    def check_rules(self, path):
        if self.kind == "b" and self.inner.size > 4:
            raise InputError(f"{path}kind=b needs {path}inner.size=4")


def test_settings_are_all_options_with_their_paths():
    found = [(s.path, s.value, s.default) for s in settings(Outer(inner=Inner(size=6)))]
    assert found == [
        ("kind", "a", "a"),
        ("inner.size", 6, 4),
        ("inner.share", 0, 0),
        ("free", 0, 0),
    ]


@pytest.mark.parametrize(
    ("section", "says"),
    [
        (Outer(kind="c"), r"^o\.kind is 'c'; it must be one of: a, b$"),
        (Outer(inner=Inner(size=0)), r"^o\.inner\.size is 0; it must be at least 1, and finite$"),
        (Outer(inner=Inner(size=5)), r"^o\.inner\.size is 5; it must be a multiple of 2$"),
        (Outer(inner=Inner(share=1.0)), r"^o\.inner\.share is 1.0; it must be below 1$"),
        (Outer(inner=Inner(share=-0.1)), r"^o\.inner\.share is -0.1; it must be at least 0"),
        (Outer(inner=Inner(share=math.inf)), r"^o\.inner\.share is inf; .* finite$"),
        (Outer(inner=Inner(share=math.nan)), r"^o\.inner\.share is nan; .* finite$"),
        (Outer(kind="b", inner=Inner(size=6)), r"^o\.kind=b needs o\.inner\.size=4$"),
    ],
)
def test_a_value_outside_its_declaration_is_named(section, says):
    with pytest.raises(InputError, match=says):
        check(section, "o.")


def test_a_value_within_its_declaration_passes():
    check(Outer(kind="b", inner=Inner(size=2, share=0.99), free=math.nan))


def test_an_option_decides_clips_only_for_a_source_that_reads_it():
    named = next(s.option for s in settings(Outer()) if s.path == "kind")
    assert [named.is_read_by(source) for source in "xyz"] == [True, True, False]
    assert [named.decides_clips_of(source) for source in "xyz"] == [True, False, False]
    of_all = dataclasses.replace(named, decides_clips=True)
    assert [of_all.decides_clips_of(source) for source in "xyz"] == [True, True, False]
