"""Numbers of things, in words."""


def counted(number: int, noun: str, many: str = "") -> str:
    """A number with its noun: `1 file`, `1,200 files`.

    Args:
      number: the number.
      noun: the noun for one.
      many: the noun for others; empty for `noun` with an s.
    """
    return f"{number:,} {noun if number == 1 else many or f'{noun}s'}"
