"""What every source yields: a motion and what was said of it."""

import dataclasses

from motext_jax.motion.motion import Motion


@dataclasses.dataclass(frozen=True, eq=False)
class AnnotatedMotion:
    """A motion with its descriptions.

    Attributes:
      id: unique within its split; a file's stem or a number.
      motion: the whole motion, not yet cut into clips.
      captions: free-text descriptions; the first stands for the motion in retrieval scores.
      category: the action's name; None where the source has no categories.
    """

    id: str
    motion: Motion
    captions: tuple[str, ...]
    category: str | None
