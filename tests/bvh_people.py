"""BVH files of a person made by hand, laid out and named as four publishers of mocap do."""

import dataclasses
from collections.abc import Iterator

import numpy as np

from motext_jax.skeleton import SMPL22

# Metres, y up: a T-pose that faces z. The left side, which the right one mirrors.
REST = {
    "pelvis": (0, 0.95, 0),
    "left_hip": (0.09, 0.9, 0),
    "left_knee": (0.09, 0.49, 0),
    "left_ankle": (0.09, 0.07, 0),
    "left_foot": (0.09, 0.02, 0.13),
    "spine1": (0, 1.05, 0),
    "spine2": (0, 1.17, 0),
    "spine3": (0, 1.29, 0),
    "neck": (0, 1.44, 0),
    "head": (0, 1.54, 0.02),
    "left_collar": (0.06, 1.39, 0),
    "left_shoulder": (0.17, 1.39, 0),
    "left_elbow": (0.45, 1.39, 0),
    "left_wrist": (0.7, 1.39, 0),
}
STEP = (0.1, 0.02, 0.3)


@dataclasses.dataclass(frozen=True)
class Publisher:
    """A way to lay out BVH files.

    Attributes:
      tree: the left and the middle joints, each below its parent, with the joint of smpl22 that it
        is; "-" for none, at its parent's place. "end" is an End Site.
      unit: unit of the positions, in metres.
      order: order of the rotation channels.
      placed: every joint has position channels, which replace its OFFSET; otherwise the root alone.
      frame_time: frame time as it is printed.
    """

    tree: str
    unit: float
    order: str
    placed: bool
    frame_time: str


PUBLISHERS = {
    "CMU, MotionBuilder": Publisher(
        """
Hips pelvis
  LHipJoint -
    LeftUpLeg left_hip
      LeftLeg left_knee
        LeftFoot left_ankle
          LeftToeBase left_foot
            end -
  LowerBack -
    Spine spine1
      Spine1 spine3
        Neck -
          Neck1 neck
            Head head
              end -
        LeftShoulder left_collar
          LeftArm left_shoulder
            LeftForeArm left_elbow
              LeftHand left_wrist
                LeftFingerBase -
                  LeftHandIndex1 -
                    end -
                LThumb -
                  end -
""",
        0.0564444,
        "ZYX",
        False,
        ".0083333",
    ),
    "CMU, 3ds Max": Publisher(
        """
Hips pelvis
  LHipJoint -
    LeftHip left_hip
      LeftKnee left_knee
        LeftAnkle left_ankle
          LeftToe left_foot
            end -
  lowerback -
    Chest spine1
      Chest2 spine3
        lowerneck -
          Neck neck
            Head head
              end -
        LeftCollar left_collar
          LeftShoulder left_shoulder
            LeftElbow left_elbow
              LeftWrist left_wrist
                LThumb -
                  end -
""",
        0.0564444,
        "ZYX",
        False,
        ".0083333",
    ),
    "CMU, Poser": Publisher(
        """
hip pelvis
  abdomen spine1
    chest spine3
      neck neck
        head head
          end -
      lCollar left_collar
        lShldr left_shoulder
          lForeArm left_elbow
            lHand left_wrist
              lThumb1 -
                end -
  lButtock -
    lThigh left_hip
      lShin left_knee
        lFoot left_ankle
          end left_foot
""",
        0.0564444,
        "ZXY",
        False,
        ".0083333",
    ),
    "Bandai Namco": Publisher(
        """
joint_Root -
  Hips pelvis
    Spine spine1
      Chest spine3
        Neck neck
          Head head
            end -
        Shoulder_L left_collar
          UpperArm_L left_shoulder
            LowerArm_L left_elbow
              Hand_L left_wrist
                end -
    UpperLeg_L left_hip
      LowerLeg_L left_knee
        Foot_L left_ankle
          Toes_L left_foot
            end -
""",
        0.01,
        "ZXY",
        True,
        "0.033333",
    ),
}


def positions() -> np.ndarray:
    """The joints of smpl22 in the files' three frames, in metres.

    A T-pose; a step away from it; there, the left forearm forward, and then the whole body turned
    by a quarter to its left.
    """
    t_pose = np.array([_rest(joint) for joint in SMPL22.joints])
    step = t_pose + STEP
    turned = step.copy()
    wrist, elbow = SMPL22.index("left_wrist"), SMPL22.index("left_elbow")
    turned[wrist] = turned[elbow] + [0, 0, np.linalg.norm(turned[wrist] - turned[elbow])]
    x, y, z = (turned - turned[0]).T
    return np.stack([t_pose, step, np.stack([z, y, -x], axis=1) + turned[0]])


def text(publisher: Publisher) -> str:
    """The BVH file of `positions`."""
    rows = _both_sides(publisher.tree.strip().splitlines())
    lines = ["HIERARCHY"]
    frames: list[list[float]] = [[], [], []]
    _write(publisher, rows, (0, 0, 0), lines, frames)
    lines += ["MOTION", "Frames: 3", f"Frame Time: {publisher.frame_time}"]
    lines += [" ".join(f"{value:.6f}" for value in frame) for frame in frames]
    return "\n".join([*lines, ""])


def _rest(joint: str) -> np.ndarray:
    x, y, z = REST[joint.replace("right", "left")]
    return np.array([-x if joint.startswith("right") else x, y, z])


def _write(
    publisher: Publisher, rows: list[str], parent: tuple, lines: list[str], frames: list[list]
) -> None:
    """Writes one joint, the first of `rows`, and those below it."""
    name, joint = rows[0].split()
    place = parent if joint == "-" else tuple(_rest(joint))
    offset = np.subtract(place, parent) / publisher.unit
    root = len(lines) == 1
    placed = (publisher.placed or root) and name != "end"
    kind = "End Site" if name == "end" else f"{'ROOT' if root else 'JOINT'} {name}"
    # Position channels make any OFFSET void.
    lines += [kind, "{", f"OFFSET {' '.join(map(str, [9, 9, 9] if placed else offset))}"]
    if name != "end":
        channels = [f"{axis}position" for axis in "XYZ" if placed]
        channels += [f"{axis}rotation" for axis in publisher.order]
        lines.append(f"CHANNELS {len(channels)} {' '.join(channels)}")
        # About y: a quarter of the body to its left, and of the forearm from x to z.
        turn = {"pelvis": 90, "left_elbow": -90}.get(joint, 0)
        for number, frame in enumerate(frames):
            moved = np.array(STEP) / publisher.unit if joint == "pelvis" and number else 0
            frame += list(offset + moved) if placed else []
            frame += [turn if axis == "Y" and number == 2 else 0 for axis in publisher.order]
    for child in _children(rows):
        _write(publisher, child, place, lines, frames)
    lines.append("}")


def _end(rows: list[str], start: int) -> int:
    """The row after the last one below `start`."""
    indents = [len(row) - len(row.lstrip()) for row in rows]
    return next((k for k in range(start + 1, len(rows)) if indents[k] <= indents[start]), len(rows))


def _children(rows: list[str]) -> Iterator[list[str]]:
    """The rows of each joint right below the first."""
    start = 1
    while start < len(rows):
        end = _end(rows, start)
        yield rows[start:end]
        start = end


def _both_sides(rows: list[str]) -> list[str]:
    """The rows with the right side's behind the left one's."""
    found, start = [], 0
    while start < len(rows):
        limb = rows[start : _end(rows, start)]
        joints = [joint for joint in (row.split()[1] for row in limb) if joint != "-"]
        if joints and all(joint.startswith("left_") for joint in joints):
            found += [*limb, *map(_right, limb)]
            start += len(limb)
        else:
            found.append(rows[start])
            start += 1
    return found


def _right(row: str) -> str:
    name, joint = row.split()
    for left, right in (("Left", "Right"), ("_L", "_R"), ("L", "R"), ("l", "r")):
        if name.startswith(left) or (left == "_L" and name.endswith(left)):
            name = name.replace(left, right, 1)
            break
    indent = row[: len(row) - len(row.lstrip())]
    return f"{indent}{name} {joint.replace('left', 'right')}"
