"""The clips of a study's runs, each split read once."""

import dataclasses
import json

from motext_jax.config import DataConfig
from motext_jax.data.clips import ClipSet, of_categories
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.reproduction.run import Run


class Splits:
    """Splits by name, as each run sees them, kept in memory."""

    def __init__(self):
        self._loaded: dict[str, ClipSet] = {}

    def load(self, run: Run, split: str) -> ClipSet:
        """A split of a run's data set, restricted to its largest categories if the run asks so.

        Raises:
          InputError: the split cannot be read, or has fewer categories.
        """
        data, largest = run.config.data, run.experiment.largest
        clips = self._whole(data, split)
        return of_categories(clips, self._largest(data, largest)) if largest else clips

    def train(self, run: Run) -> ClipSet:
        """The split that a run is trained on."""
        return self.load(run, run.config.data.train_split)

    def validation(self, run: Run) -> ClipSet | None:
        """The split that ranks a run's checkpoints, if any."""
        split = run.config.data.validation_split
        return self.load(run, split) if split else None

    def test(self, run: Run) -> ClipSet:
        """The split that a run is scored on."""
        return self.load(run, run.config.data.test_split)

    def _whole(self, data: DataConfig, split: str) -> ClipSet:
        key = json.dumps([dataclasses.asdict(data), split])
        if key not in self._loaded:
            self._loaded[key] = load_clips(data, split)
        return self._loaded[key]

    def _largest(self, data: DataConfig, largest: int) -> list[str]:
        """The evaluated categories with the most training clips."""
        evaluated = self._whole(data, data.test_split).counts()
        names = [n for n in self._whole(data, data.train_split).counts() if n in evaluated]
        if largest > len(names):
            raise InputError(f"--retrain_at={largest}: there are {len(names)} categories")
        return names[:largest]
