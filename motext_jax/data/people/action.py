"""An action: what it is called, in words and in what posture, and the function that does it."""

import dataclasses
from collections.abc import Callable

from motext_jax.data.people.part import Part
from motext_jax.data.people.wordings import WORDINGS

Perform = Callable[[Part], None]
"""A function that changes a part's poses."""

STAND = "stand"
"""The posture of somebody on two feet."""


@dataclasses.dataclass(frozen=True)
class Action:
    """A kind of motion.

    Attributes:
      name: the bare canonical name and category; "{side}" makes a left and a right one of it.
      perform: changes a part's poses; written for the left.
      noun: the name is no verb phrase, so that only a bare caption says it.
      seconds: its usual duration; 0 for one that goes on as long as it is let.
      uses: the parts of the body that it needs: "a" the arm of its side, "o" the other arm,
        "t" the trunk, "h" the head, "l" legs.
      counted: may be done one, two or three times, and is said to be.
      tempos: may be slow or quick.
      sizes: may be small or big.
      styled: may have a style; not where its name says how fast it is.
      before, after: the postures that it begins and ends in.
      layer: 0 for a way over the floor, 1 legs, 2 a change of posture, 3 trunk and arms.
      share: how often it is drawn, compared with others.
    """

    name: str
    perform: Perform
    noun: bool = False
    seconds: float = 1.8
    uses: str = "a"
    counted: bool = False
    tempos: bool = True
    sizes: bool = False
    styled: bool = True
    before: str = STAND
    after: str = STAND
    layer: int = 3
    share: float = 1.0

    @property
    def wordings(self) -> tuple[str, ...]:
        """Its wordings in captions, besides its name; see `grammar`."""
        return WORDINGS[self.name]

    @property
    def sided(self) -> bool:
        """True where the action has a left and a right form."""
        return "{side}" in self.name
