"""The state and the outcome of an indexing, in numbers."""

import dataclasses


@dataclasses.dataclass
class Progress:
    """The state of an indexing.

    Attributes:
      total: files that are new or changed.
      done: those whose takes are committed, and those that cannot be read.
      bad: of these, those that are left out.
      kept: of these, those whose takes of before stay.
      there: other files, whose takes are there already.
    """

    total: int = 0
    done: int = 0
    bad: int = 0
    kept: int = 0
    there: int = 0


@dataclasses.dataclass
class Summary:
    """The outcome of an indexing.

    Attributes:
      new: files that were read and embedded.
      followed: files whose content the library knew, of another name or another time.
      same: files that have not changed.
      kept: files that cannot be read now, whose takes of before stay.
      left_out: files without a take, for they cannot be read.
      gone: files that are forgotten.
      bad: a sentence for each file or row that could not be read; also for those that are kept.
      takes: takes of the whole library.
      known: files of the whole library, those that are left out too.
      windows: windows of the whole library.
      hours: hours of motion in it.
      fps: frames a second of files that do not say theirs; 0 for none.
      fps_before: the same before the indexing.
    """

    new: int = 0
    followed: int = 0
    same: int = 0
    kept: int = 0
    left_out: int = 0
    gone: int = 0
    bad: list[str] = dataclasses.field(default_factory=list)
    takes: int = 0
    known: int = 0
    windows: int = 0
    hours: float = 0.0
    fps: float = 0.0
    fps_before: float = 0.0

    @property
    def files(self) -> int:
        """All files that were looked at: each is one of the new, followed, same, kept, left out."""
        return self.new + self.followed + self.same + self.kept + self.left_out
