"""Conditions on takes: `seconds > 2 and file like '%walk%'`.

Read here and compared here: nothing of a condition reaches a database or Python.
"""

import dataclasses
import operator
import re
from collections.abc import Callable
from typing import Any

from motext_jax.errors import InputError
from motext_jax.shown import quoted

NUMBERS, TEXTS = ("seconds", "fps", "windows"), ("file", "skeleton", "captions")

DEEPEST = 40
"""The most parentheses and `not` within each other."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))|(?P<text>'(?:[^']|'')*')"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign><=|>=|<>|!=|==|[=<>(),]))"
)
_COMPARE = {
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_HOW = "expected for example: seconds > 2 and file like '%walk%'"

Test = Callable[[Any], bool]
"""A function of a take."""


@dataclasses.dataclass(frozen=True)
class _Token:
    kind: str
    value: Any
    at: int


def condition(text: str) -> Test:
    """Reads a condition as SQL writes it.

    Columns are seconds, fps, windows, file, skeleton and captions; there are = != < <= > >=, like
    and ilike with % and _, in, between, not, and, or, and parentheses.

    Raises:
      InputError: it is no condition.
    """
    return _Reader(text).read() if text.strip() else lambda take: True


def columns(text: str) -> set[str]:
    """The columns that a condition looks at.

    Raises:
      InputError: it has letters that no condition has.
    """
    return _Reader(text).columns()


def like(value: str, pattern: str) -> bool:
    """SQL's LIKE: % stands for any letters, _ for one; in time of the product of the lengths."""
    at, star, mark, k = 0, -1, 0, 0
    while k < len(value):
        if at < len(pattern) and pattern[at] == "%":
            star, mark, at = at, k, at + 1
        elif at < len(pattern) and pattern[at] in ("_", value[k]):
            at, k = at + 1, k + 1
        elif star >= 0:
            mark += 1
            at, k = star + 1, mark
        else:
            return False
    return not pattern[at:].strip("%")


class _Reader:
    """A recursive descent over the tokens of a condition."""

    def __init__(self, text: str):
        self._text, self._next = text, 0
        self._tokens = self._split(text)

    def _split(self, text: str) -> list[_Token]:
        tokens, at = [], 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if not found:
                raise self._error(text[at:].strip()[:20])
            kind = found.lastgroup or ""
            value: Any = found[kind]
            if kind == "number":
                value = float(value)
            elif kind == "text":
                value = value[1:-1].replace("''", "'")
            elif kind == "word":
                value = value.lower()
            tokens.append(_Token(kind, value, found.start(kind)))
            at = found.end()
        return tokens

    def read(self) -> Test:
        test = self._or(0)
        if self._next < len(self._tokens):
            raise self._error(self._found())
        return test

    def columns(self) -> set[str]:
        return {token.value for token in self._tokens if token.kind == "word"} & {*NUMBERS, *TEXTS}

    def _or(self, depth: int) -> Test:
        tests = [self._and(depth)]
        while self._take("word", "or"):
            tests.append(self._and(depth))
        return tests[0] if len(tests) == 1 else lambda take: any(test(take) for test in tests)

    def _and(self, depth: int) -> Test:
        tests = [self._not(depth)]
        while self._take("word", "and"):
            tests.append(self._not(depth))
        return tests[0] if len(tests) == 1 else lambda take: all(test(take) for test in tests)

    def _not(self, depth: int) -> Test:
        if depth > DEEPEST:
            raise InputError(f"--where has more than {DEEPEST} parentheses within each other")
        if self._take("word", "not"):
            inner = self._not(depth + 1)
            return lambda take: not inner(take)
        if self._take("sign", "("):
            inner = self._or(depth + 1)
            self._need("sign", ")")
            return inner
        return self._comparison()

    def _comparison(self) -> Test:
        column = self._token("word")
        if column not in (*NUMBERS, *TEXTS):
            raise self._error(column, f"one of {', '.join((*NUMBERS, *TEXTS))}")
        kind = "number" if column in NUMBERS else "text"
        of = operator.attrgetter(_ATTRIBUTE.get(column, column))
        for sign, compare in _COMPARE.items():
            if self._take("sign", sign):
                value = self._token(kind)
                return lambda take: compare(of(take), value)
        negated = self._take("word", "not")
        test = self._membership(kind, of)
        return (lambda take: not test(take)) if negated else test

    def _membership(self, kind: str, of: Callable[[Any], Any]) -> Test:
        if self._take("word", "in"):
            self._need("sign", "(")
            values = {self._token(kind)}
            while self._take("sign", ","):
                values.add(self._token(kind))
            self._need("sign", ")")
            return lambda take: of(take) in values
        if self._take("word", "between"):
            low = self._token(kind)
            self._need("word", "and")
            high = self._token(kind)
            return lambda take: low <= of(take) <= high
        if kind == "text" and self._take("word", "like"):
            pattern = self._token("text")
            return lambda take: like(of(take), pattern)
        if kind == "text" and self._take("word", "ilike"):
            folded = self._token("text").casefold()
            return lambda take: like(of(take).casefold(), folded)
        raise self._error(self._found(), "a comparison")

    def _take(self, kind: str, value: str) -> bool:
        """Goes on past a token, if it is the next."""
        token = self._tokens[self._next] if self._next < len(self._tokens) else None
        if token is None or (token.kind, token.value) != (kind, value):
            return False
        self._next += 1
        return True

    def _need(self, kind: str, value: str) -> None:
        if not self._take(kind, value):
            raise self._error(self._found(), quoted(value))

    def _token(self, kind: str) -> Any:
        """The value of the next token, which must be of a kind."""
        if self._next >= len(self._tokens) or self._tokens[self._next].kind != kind:
            named = {"word": "a column", "number": "a number", "text": "a text in 'quotes'"}
            raise self._error(self._found(), named[kind])
        self._next += 1
        return self._tokens[self._next - 1].value

    def _found(self) -> str:
        if self._next >= len(self._tokens):
            return ""
        return self._text[self._tokens[self._next].at :][:20]

    def _error(self, found: str, expected: str = "") -> InputError:
        where = f"found {quoted(found)}" if found else "it ends too early"
        how = f"expected {expected}; {_HOW}" if expected else _HOW
        return InputError(f"--where={quoted(self._text)}: {where}; {how}")


_ATTRIBUTE = {"captions": "caption_text"}
