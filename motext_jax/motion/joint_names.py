"""Words in the names of joints: sides, legs and arms, in the ways of many tools."""

import itertools
import re
from collections.abc import Sequence

from motext_jax.motion.recording import END
from motext_jax.skeleton import SMPL22

LEG, ARM = "leg", "arm"

Label = tuple[str, str]
"""A limb: `LEG` or `ARM`, and left or right."""

_SIDES = {"l": "left", "left": "left", "lt": "left", "r": "right", "right": "right", "rt": "right"}

_LIMBS = {
    LEG: r"leg|thigh|knee|shin|calf|foot|feet|ankle|toe|ball|heel|femur|tibia|hip|buttock",
    ARM: r"arm|clavicle|collar|shoulder|shldr|scapula|elbow|wrist|hand|humerus|radius|ulna|"
    r"finger|thumb|index|pinky",
}


_SIDE_FIRST = re.compile(rf"(left|right|l|r)((?:up|low|fore|{'|'.join(_LIMBS.values())}).*)")

# Words that tell a joint in whatever tool's names. `foot`, `hand` and `shoulder` do not: in some
# they are the near end of a bone and in others the far one.
_JOINTS = {
    "hip": r"thigh|up(per)?leg|hip",
    "knee": r"knee|shin|calf|low(er)?leg",
    "ankle": r"ankle",
    "shoulder": r"up(per)?arm|shldr",
    "elbow": r"elbow|forearm|low(er)?arm",
    "wrist": r"wrist",
}


# What is the likelier, where no other joint of the file is told by the words above.
_PLAIN = {
    "hip": r"thigh|up(per)?leg|hip",
    "collar": r"collar|clavicle",
    "foot": r"toe|ball",
    "ankle": r"ankle|foot",
    "wrist": r"wrist|hand",
    "knee": r"knee|shin|calf|leg",
    "elbow": r"elbow|forearm|low(er)?arm",
    "shoulder": r"shldr|shoulder|arm",
}

_MIDDLE = {
    "pelvis": r"pelvis|hip|root",
    "neck": r"neck",
    "head": r"head",
    "spine3": r"chest|thorax",
    "spine2": r"spine",
}


def words(name: str) -> list[str]:
    """A name's words and numbers in small letters: `mixamorig:LeftUpLeg` has left, up and leg."""
    name = name.rsplit(":", 1)[-1]
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name)
    found = [part.lower() for part in parts]
    # lfemur, leftupleg: the side is part of the word.
    split: list[str] = []
    for word in found:
        match = _SIDE_FIRST.fullmatch(word)
        split += match.groups() if match and word not in _SIDES else [word]
    return split


def labels(joints: Sequence[str]) -> list[Label | None]:
    """The limb that each joint's name tells, and None where it tells none."""
    return [_label(name) for name in joints]


def _label(name: str) -> Label | None:
    found = words(name.removesuffix(END))
    sides = {_SIDES[word] for word in found if word in _SIDES}
    if len(sides) != 1:
        return None
    rest = "".join(word for word in found if word not in _SIDES)
    for limb, pattern in reversed(_LIMBS.items()):
        if re.search(pattern, rest):
            return limb, sides.pop()
    return None


def joint_words(name: str) -> str:
    """The joint of a limb that a name tells, `knee` for `calf_l`; empty where it tells none."""
    rest = "".join(word for word in words(name.removesuffix(END)) if word not in _SIDES)
    return next((joint for joint, pattern in _JOINTS.items() if re.search(pattern, rest)), "")


def plain_joints(joints: Sequence[str]) -> dict[str, int]:
    """The first joint whose words tell each smpl22 joint, where there is no tree to ask."""
    found: dict[str, int] = {}
    for patterns in (_JOINTS, _PLAIN):
        for index, name in enumerate(joints):
            sides = {_SIDES[word] for word in words(name) if word in _SIDES}
            rest = "".join(word for word in words(name) if word not in _SIDES)
            known = patterns if len(sides) == 1 else _MIDDLE
            plain = next((j for j, pattern in known.items() if re.search(pattern, rest)), "")
            joint = f"{sides.pop()}_{plain}" if len(sides) == 1 else plain
            if joint in SMPL22.joints and index not in found.values():
                found.setdefault(joint, index)
    return found


def smpl_names(joints: Sequence[str]) -> dict[str, int]:
    """The index of each smpl22 joint, where the names are smpl22's own; empty where they are not.

    A prefix that all names share is dropped, and a side may be L or R: `m_avg_L_Hip`.
    """
    lower = [name.lower() for name in joints]
    own = [name for name in lower if not name.endswith(END)]
    # The first and the last in order differ as early as any two do.
    ends = zip(min(own, default=""), max(own, default=""), strict=False)
    prefix = "".join(a for a, _ in itertools.takewhile(lambda pair: pair[0] == pair[1], ends))
    found: dict[str, int] = {}
    for index, name in enumerate(lower):
        plain = re.sub(r"[^a-z0-9]", "", name.removeprefix(prefix))
        for joint in SMPL22.joints:
            short = joint.replace("left_", "l").replace("right_", "r").replace("_", "")
            if plain in (joint.replace("_", ""), short):
                found.setdefault(joint, index)
    return found if len(found) == len(SMPL22.joints) else {}
