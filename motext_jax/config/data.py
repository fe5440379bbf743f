"""The options of data: where motions come from and how they become clips."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from motext_jax.config.option import Section, option, settings
from motext_jax.errors import InputError

SOURCES = {
    "synthetic": "procedural people of motext_jax, of 58 actions; no recording is among them",
    "people": "procedural people of motext_jax, of several hundred actions; no recording is among "
    "them",
    "humanml3d": "a folder in HumanML3D's layout",
    "mocap": "a folder of motion capture with a table of captions",
    "babel": "BABEL's released features",
    "babel_amass": "BABEL's annotations of AMASS",
}
"""Every source, and what its motions are."""

_FILES = ("humanml3d", "mocap", "babel", "babel_amass")
_BABEL = ("babel", "babel_amass")


@dataclasses.dataclass
class AugmentConfig(Section):
    """Random changes of training clips, each clip's anew in every epoch; 0 is none."""

    crop: float = option(0.0, at_least=0, below=1)
    """Largest share of a clip's own frames that is cut away at its ends, below 1."""
    speed: float = option(0.0, at_least=0)
    """Largest change of speed: 0.25 plays 1.25 times as fast to 1.25 times as slow."""
    rotation: float = option(0.0, at_least=0)
    """Largest turn about the vertical, either way, in radians."""
    scale: float = option(0.0, at_least=0)
    """Largest change of size: 0.1 makes bodies 1.1 times as large to 1.1 times as small."""
    noise: float = option(0.0, at_least=0)
    """Standard deviation of the noise that is added to each coordinate, in metres."""
    bones: float = option(0.0, at_least=0)
    """Largest change of a bone's length, left and right alike: 0.1 as in `scale`."""
    joints: float = option(0.0, at_least=0, below=1)
    """Largest way of a joint along its bone, in the bone's lengths: recorders place them so."""
    jitter: float = option(0.0, at_least=0)
    """Standard deviation of a slow error of each joint, in metres."""
    lost: float = option(0.0, at_least=0, below=1)
    """Chance of a joint to be lost for a while, in which it goes on a straight line."""
    height: float = option(0.0, at_least=0)
    """Largest rise or fall of the whole clip, in metres, as where the floor is not known well."""
    drift: float = option(0.0, at_least=0)
    """Distance in metres by which the body slides over the floor during a clip, on average (the
    root of its mean square)."""


@dataclasses.dataclass
class DataConfig(Section):
    """The source of the motions and the making of their clips."""

    source: str = option("synthetic", choices=tuple(SOURCES), decides_clips=True)
    """synthetic, people, humanml3d (a folder in its layout), mocap, babel or babel_amass."""
    root: str = option("", place=True, may_change="always", read_by=_FILES)
    """The data set's folder."""
    allow_outside: bool = option(False, in_reading=True, may_change="always", read_by=("mocap",))
    """Also reads files that captions.csv names outside of its folder, by `..` or a link."""
    strict: bool = option(False, in_reading=True, may_change="always")
    """Stops if any file or row cannot be read; otherwise they are listed and left out."""
    source_fps: float = option(0.0, at_least=0, decides_clips=True, read_by=("humanml3d", "mocap"))
    """The files' frames a second, whatever they say; 0: as they say, 20 in HumanML3D's layout."""
    annotations: str = option("", place=True, may_change="always", read_by=("babel_amass",))
    """BABEL's folder of annotations."""
    body_models: str = option("", place=True, may_change="moved", read_by=("mocap", "babel_amass"))
    """SMPL+H's folder or model file, for exact joints; empty: the average person's bones."""
    categories: int = option(60, choices=(60, 120), decides_clips=True, read_by=_BABEL)
    """Number of BABEL's categories, the most frequent: 60 or 120."""
    extra: bool = option(False, decides_clips=True, read_by=_BABEL)
    """Adds BABEL's extra annotations to the dense ones."""
    skeleton: str = option("smpl22", decides_clips=True, read_by=_FILES)
    """smpl22; BABEL: ntu21 or ntu25; KIT-ML: kit21; mocap: `own`, the files' own."""
    metres_per_unit: float = option(0.0, at_least=0, decides_clips=True, read_by=("mocap",))
    """The files' unit of length, in metres; 0: found from each file's body. In a mocap folder the
    column metres_per_unit of captions.csv goes before."""
    up: str = option(
        "", choices=("", "x", "y", "z", "-x", "-y", "-z"), decides_clips=True, read_by=("mocap",)
    )
    """The files' axis that points upwards; empty: found from each file's body."""
    joints: str = option("", place=True, may_change="moved", read_by=("mocap",))
    """A CSV table of the files' joints by their names; empty: joints.csv beside captions.csv, if it
    is there."""
    fps: float = option(30.0, at_least=1e-6, below=10_000, decides_clips=True)
    """Frames a second of a clip."""
    frames: int = option(150, at_least=8, below=100_000, decides_clips=True)
    """Frames of a clip: shorter motions repeat, longer ones are cut (paper: 5 s)."""
    normalise: str = option(
        "facing", choices=("none", "centre", "facing", "babel"), decides_clips=True
    )
    """none, centre, facing or babel: see `motion.normalise`."""
    normalise_each: str = option(
        "clip",
        choices=("clip", "motion"),
        decides_clips=True,
        read_by=tuple(source for source in SOURCES if source != "babel"),
    )
    """clip, or motion: once before it is cut, so that later clips keep where it has led."""
    # It decides which of AMASS's segments count; elsewhere it chooses among a clip's texts.
    text: str = option(
        "category", choices=("category", "caption", "both"), decides_clips=("babel_amass",)
    )
    """A clip's text in training: category (recognition), caption (retrieval), or both (either)."""
    mirror: bool = option(False)
    """Also train on mirrored clips, with left and right exchanged in the text."""
    augment: AugmentConfig = dataclasses.field(default_factory=AugmentConfig)
    """Random changes of training clips."""
    prepared: str = option("", may_change="always")
    """A folder that `prepare` wrote this data set to; read instead of the files themselves."""
    read: str = option("auto", choices=("auto", "array", "records"), may_change="always")
    """A prepared set: array (memory-mapped), records, or auto: an array if memory could hold it."""
    on_device: str = option("auto", choices=("auto", "yes", "no"), may_change="always")
    """The training clips in the memory of every device, so that the host only sends their numbers:
    yes, no, or auto: where they take at most a quarter of a GPU's or TPU's memory."""
    people: int = option(24_000, at_least=1, decides_clips=True, read_by=("people",))
    """Clips of the people's training split."""
    train_split: str = option("train")
    """The split to train on."""
    validation_split: str = option("val")
    """The split that ranks checkpoints; empty for none."""
    test_split: str = option("test")
    """The split that `eval` reports on; never seen in training."""
    seed: int = option(0, at_least=0, decides_clips=True, read_by=("synthetic", "people", "mocap"))
    """Seed of the procedural people and their motions, and of the splits that mocap deals."""

    def check_rules(self, path: str) -> None:
        """Raises InputError where an option is set that the source does not read."""
        changed = [s.path for s in settings(self) if s.value != s.default]
        check_read(self, changed, path)
        if self.source_fps and not 0.1 <= self.source_fps <= 10_000:
            raise InputError(
                f"{path}source_fps is {self.source_fps:g}; expected 0.1 to 10,000, or 0 for what "
                "the files say"
            )


def check_decides(data: DataConfig, given: Iterable[str], path: str = "data.") -> None:
    """Raises InputError for an option that is given and has no effect on prepared clips."""
    declared = {setting.path: setting.option for setting in settings(data)}
    for name in given:
        own = declared[name]
        if not (own.decides_clips_of(data.source) or own.place or own.in_reading):
            raise InputError(f"--{path}{name} is for training; a data set is prepared without it")


def check_read(data: DataConfig, given: Iterable[str], path: str = "data.") -> None:
    """Raises InputError for an option that is given and that the data's source does not read."""
    declared = {setting.path: setting.option for setting in settings(data)}
    for name in given:
        if name in declared and not declared[name].is_read_by(data.source):
            raise InputError(
                f"{path}{name} is given, and the source {data.source} does not read it; it is for "
                f"{', '.join(declared[name].read_by)}"
            )


def renamed(data: Mapping[str, Any]) -> dict[str, Any]:
    """An older version's saved options of data, in the names of this one."""
    data = dict(data)
    if data.get("source") == "captioned_folder":
        data["source"] = "mocap"
        # It had a value that no other source than humanml3d read.
        data.pop("source_fps", None)
    elif data.get("source") not in ("humanml3d", "mocap"):
        data.pop("source_fps", None)
    return data
