"""TFDS data sets of prepared clips, in array_record files; no TensorFlow is needed.

Importing this registers the builders `babel60`, `babel120`, `babel_text`, `humanml3d`, `kit_ml` and
`mocap`. They hold clips as `data.clips` makes them:

    clip      (frames, joints, 3) float32   normalised positions in metres
    length    int32                         its frames before the repetition began
    captions  texts
    category  int32                         -1 for none
    file      text                          or the source's id of the motion
    segment   text                          BABEL's id of the annotated segment, or its number
    start     float32                       seconds of the file
    end       float32
"""

import json
import os
import pathlib
import shutil
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import tensorflow_datasets as tfds

from motext_jax.skeleton import SKELETONS


class ClipBuilder(tfds.core.dataset_builder.FileReaderBuilder, skip_registration=True):  # type: ignore[call-arg]
    """A data set whose files `data.preparation` has written, shard by shard, in several processes.

    TFDS's own builders write in one process and begin again when they are killed.

    Args:
      joints: number of joints of the clips; None for the data set's usual number.
      shards: each split's files in order, with their numbers of examples; needed to prepare the
        data set and not to read it.
      documents: JSON documents to write beside the shards, by file name.
    """

    VERSION = tfds.core.Version("2.0.0")
    JOINTS: ClassVar[int] = len(SKELETONS["smpl22"].joints)
    DESCRIPTION: ClassVar[str] = ""

    def __init__(
        self,
        *,
        joints: int | None = None,
        shards: Mapping[str, Sequence[tuple[pathlib.Path, int]]] | None = None,
        documents: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ):
        self._joints = joints or self.JOINTS
        self._shards = shards or {}
        self._documents = documents or {}
        super().__init__(file_format="array_record", **kwargs)

    def _info(self) -> tfds.core.DatasetInfo:
        return tfds.core.DatasetInfo(
            builder=self,
            description=self.DESCRIPTION,
            features=clip_features(self._joints),
            disable_shuffling=True,
        )

    def _download_and_prepare(self, dl_manager: Any, download_config: Any = None) -> None:
        splits = []
        for split, shards in self._shards.items():
            template = self._get_filename_template(split)
            for number, (path, _) in enumerate(shards):
                target = template.sharded_filepath(shard_index=number, num_shards=len(shards))
                _link(path, pathlib.Path(target))
            splits.append(
                tfds.core.SplitInfo(
                    name=split,
                    shard_lengths=[count for _, count in shards],
                    num_bytes=sum(path.stat().st_size for path, _ in shards),
                    filename_template=template,
                )
            )
        self.info.set_splits(tfds.core.SplitDict(splits))
        for name, document in self._documents.items():
            (pathlib.Path(self.data_dir) / name).write_text(json.dumps(document))


def _link(path: pathlib.Path, target: pathlib.Path) -> None:
    """A second name for a file, or a copy where the file system has no such thing."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)


def clip_features(joints: int) -> tfds.features.FeaturesDict:
    """The features of an example."""
    return tfds.features.FeaturesDict(
        {
            "clip": tfds.features.Tensor(shape=(None, joints, 3), dtype=np.float32),
            "length": np.int32,
            "captions": tfds.features.Sequence(tfds.features.Text()),
            "category": np.int32,
            "file": tfds.features.Text(),
            "segment": tfds.features.Text(),
            "start": np.float32,
            "end": np.float32,
        }
    )


class Babel60(ClipBuilder):
    """BABEL's 60 categories."""

    name = "babel60"
    JOINTS = len(SKELETONS["ntu21"].joints)
    DESCRIPTION = "BABEL (Punnakkal et al. 2021): clips of its 60 most frequent actions."


class Babel120(ClipBuilder):
    """BABEL's 120 categories."""

    name = "babel120"
    JOINTS = len(SKELETONS["ntu21"].joints)
    DESCRIPTION = "BABEL (Punnakkal et al. 2021): clips of its 120 most frequent actions."


class Babel60Amass(Babel60):
    """BABEL's 60 categories, made from AMASS."""

    name = "babel60_amass"


class Babel120Amass(Babel120):
    """BABEL's 120 categories, made from AMASS."""

    name = "babel120_amass"


class BabelText(ClipBuilder):
    """BABEL's segments with what was said of them."""

    name = "babel_text"
    JOINTS = len(SKELETONS["ntu21"].joints)
    DESCRIPTION = "BABEL (Punnakkal et al. 2021): segments of motion and their annotations."


class HumanML3D(ClipBuilder):
    """HumanML3D's motions and captions."""

    name = "humanml3d"
    DESCRIPTION = "HumanML3D (Guo et al. 2022)."


class KitMl(ClipBuilder):
    """KIT-ML's motions and captions."""

    name = "kit_ml"
    JOINTS = len(SKELETONS["kit21"].joints)
    DESCRIPTION = "The KIT Motion-Language data set (Plappert et al. 2016)."


class Mocap(ClipBuilder):
    """The user's own motion capture."""

    name = "mocap"
    DESCRIPTION = "A folder of motion capture files and a table of captions."


class Synthetic(ClipBuilder):
    """The procedural people."""

    name = "synthetic"
    DESCRIPTION = "motext_jax's own procedural motion; no recording is behind it."


class People(ClipBuilder):
    """The procedural people of several hundred actions."""

    name = "people"
    DESCRIPTION = "motext_jax's own procedural motion, composed; no recording is behind it."


# The builder of each data set in `config.DATASETS`.
BUILDERS: Mapping[str, type[ClipBuilder]] = {
    "babel60": Babel60,
    "babel120": Babel120,
    "babel60_amass": Babel60Amass,
    "babel120_amass": Babel120Amass,
    "babel_text": BabelText,
    "humanml3d": HumanML3D,
    "kit_ml": KitMl,
    "mocap": Mocap,
    "bandai": HumanML3D,
    "cmu": HumanML3D,
    "synthetic": Synthetic,
    "people": People,
}
