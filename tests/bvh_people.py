"""BVH files of a person made by hand, laid out and named as publishers and tools of mocap do."""

import dataclasses
from collections.abc import Iterator, Sequence

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


# Tools by the names of the trunk, of an arm and of a leg, and their words for the sides: a name for
# each joint of smpl22, "-" for none, and "+" for a joint more, half way to the next.
TOOLS = {
    "Mixamo": (
        "mixamorig:Hips mixamorig:Spine mixamorig:Spine1 mixamorig:Spine2 mixamorig:Neck "
        "mixamorig:Head",
        "mixamorig:{}Shoulder mixamorig:{}Arm mixamorig:{}ForeArm mixamorig:{}Hand",
        "mixamorig:{}UpLeg mixamorig:{}Leg mixamorig:{}Foot mixamorig:{}ToeBase",
        "Left Right",
    ),
    "Mixamo without its colon": (
        "mixamorigHips mixamorigSpine mixamorigSpine1 mixamorigSpine2 mixamorigNeck mixamorigHead",
        "mixamorig{}Shoulder mixamorig{}Arm mixamorig{}ForeArm mixamorig{}Hand",
        "mixamorig{}UpLeg mixamorig{}Leg mixamorig{}Foot mixamorig{}ToeBase",
        "Left Right",
    ),
    "LaFAN1": (
        "Hips Spine Spine1 Spine2 Neck Head",
        "{}Shoulder {}Arm {}ForeArm {}Hand",
        "{}UpLeg {}Leg {}Foot {}Toe",
        "Left Right",
    ),
    "MotionBuilder": (
        "Char_Hips Char_Spine - Char_Spine1 Char_Neck Char_Head",
        "Char_{}Shoulder Char_{}Arm Char_{}ForeArm Char_{}Hand",
        "Char_{}UpLeg Char_{}Leg Char_{}Foot Char_{}ToeBase",
        "Left Right",
    ),
    "Unity": (
        "Hips Spine Chest UpperChest Neck Head",
        "{}Shoulder {}UpperArm {}LowerArm {}Hand",
        "{}UpperLeg {}LowerLeg {}Foot {}Toes",
        "Left Right",
    ),
    "VRM": (
        "J_Bip_C_Hips J_Bip_C_Spine J_Bip_C_Chest J_Bip_C_UpperChest J_Bip_C_Neck J_Bip_C_Head",
        "J_Bip_{}_Shoulder J_Bip_{}_UpperArm J_Bip_{}_LowerArm J_Bip_{}_Hand",
        "J_Bip_{}_UpperLeg J_Bip_{}_LowerLeg J_Bip_{}_Foot J_Bip_{}_ToeBase",
        "L R",
    ),
    "Unreal": (
        "pelvis spine_01 spine_02 spine_03 neck_01 head",
        "clavicle_{} upperarm_{} lowerarm_{} hand_{}",
        "thigh_{} calf_{} foot_{} ball_{}",
        "l r",
    ),
    "Rigify": (
        "DEF-spine DEF-spine.001 DEF-spine.002 DEF-spine.003 DEF-spine.004 DEF-spine.006",
        "DEF-shoulder.{} DEF-upper_arm.{} + DEF-forearm.{} + DEF-hand.{}",
        "DEF-thigh.{} + DEF-shin.{} + DEF-foot.{} DEF-toe.{}",
        "L R",
    ),
    "3ds Max Biped": (
        "Bip01·Pelvis Bip01·Spine Bip01·Spine1 Bip01·Spine2 Bip01·Neck Bip01·Head",
        "Bip01·{}·Clavicle Bip01·{}·UpperArm Bip01·{}·Forearm Bip01·{}·Hand",
        "Bip01·{}·Thigh Bip01·{}·Calf Bip01·{}·Foot Bip01·{}·Toe0",
        "L R",
    ),
    "SlimeVR": (
        "HIP WAIST - CHEST NECK HEAD",
        "{}_SHOULDER {}_UPPER_ARM {}_LOWER_ARM {}_HAND",
        "{}_UPPER_LEG {}_LOWER_LEG {}_FOOT -",
        "LEFT RIGHT",
    ),
    "DeepMotion": (
        "hips_JNT spine_JNT spine1_JNT spine2_JNT neck_JNT head_JNT",
        "{}_shoulder_JNT {}_arm_JNT {}_forearm_JNT {}_hand_JNT",
        "{}_upleg_JNT {}_leg_JNT {}_foot_JNT {}_toebase_JNT",
        "l r",
    ),
    "SOMA": (
        "Hips Spine1 Spine2 Chest Neck1 Head",
        "{}Shoulder {}Arm {}ForeArm {}Hand",
        "{}Leg {}Shin {}Foot {}ToeBase",
        "Left Right",
    ),
    "MakeHuman": (
        "root spine05 spine03 spine01 neck01 head",
        "clavicle.{} upperarm01.{} + lowerarm01.{} + wrist.{}",
        "upperleg01.{} + lowerleg01.{} + foot.{} toe1-1.{}",
        "L R",
    ),
    "SMPL with a prefix": (
        "m_avg_Pelvis m_avg_Spine1 m_avg_Spine2 m_avg_Spine3 m_avg_Neck m_avg_Head",
        "m_avg_{}_Collar m_avg_{}_Shoulder m_avg_{}_Elbow m_avg_{}_Wrist",
        "m_avg_{}_Hip m_avg_{}_Knee m_avg_{}_Ankle m_avg_{}_Foot",
        "L R",
    ),
    "SMPL": (
        "pelvis spine1 spine2 spine3 neck head",
        "{}_collar {}_shoulder {}_elbow {}_wrist",
        "{}_hip {}_knee {}_ankle {}_foot",
        "left right",
    ),
    "Xsens": (
        "Hips Chest Chest2 Chest4 Neck Head",
        "{}Collar {}Shoulder {}Elbow {}Wrist",
        "{}Hip {}Knee {}Ankle {}Toe",
        "Left Right",
    ),
    "Xsens MVN": (
        "Pelvis L5 L3 T8 Neck Head",
        "{}Shoulder {}UpperArm {}ForeArm {}Hand",
        "{}UpperLeg {}LowerLeg {}Foot {}Toe",
        "Left Right",
    ),
    "Kinect": (
        "SpineBase SpineMid - SpineShoulder Neck Head",
        "- Shoulder{} Elbow{} Wrist{}",
        "Hip{} Knee{} Ankle{} Foot{}",
        "Left Right",
    ),
    "DAZ": (
        "hip abdomenLower chestLower chestUpper neckLower head",
        "{}Collar {}ShldrBend + {}ForearmBend + {}Hand",
        "{}ThighBend + {}Shin {}Foot {}Toe",
        "l r",
    ),
    "Character Creator": (
        "CC_Base_Hip CC_Base_Waist CC_Base_Spine01 CC_Base_Spine02 CC_Base_NeckTwist01 "
        "CC_Base_Head",
        "CC_Base_{}_Clavicle CC_Base_{}_Upperarm CC_Base_{}_Forearm CC_Base_{}_Hand",
        "CC_Base_{}_Thigh CC_Base_{}_Calf CC_Base_{}_Foot CC_Base_{}_ToeBase",
        "L R",
    ),
    "OptiTrack": (
        "Hips Ab - Chest Neck Head",
        "{}Shoulder {}UArm {}FArm {}Hand",
        "{}Thigh {}Shin {}Foot {}Toe",
        "L R",
    ),
    "small letters": (
        "hips lowerback - upperback neck head",
        "{}shoulder {}upperarm {}forearm {}hand",
        "{}thigh {}shin {}foot {}toe",
        "l r",
    ),
}

_TRUNK = ("pelvis", "spine1", "spine2", "spine3", "neck", "head")
_ARM = ("collar", "shoulder", "elbow", "wrist")
_LEG = ("hip", "knee", "ankle", "foot")


def tool(name: str) -> Publisher:
    """A person as a tool of `TOOLS` lays it out, in centimetres."""
    trunk, arm, leg, sides = TOOLS[name]
    rows = list(_chain(trunk.split(), _TRUNK, 0))
    depth = {row.split()[1]: len(row) - len(row.lstrip()) for row in rows}
    for side, word in zip(("left", "right"), sides.split(), strict=True):
        rows += _chain(leg.format(*[word] * 6).split(), [f"{side}_{j}" for j in _LEG], 1)
    arms = [
        row
        for side, word in zip(("left", "right"), sides.split(), strict=True)
        for row in _chain(
            arm.format(*[word] * 6).split(), [f"{side}_{j}" for j in _ARM], depth["spine3"] + 1
        )
    ]
    at = next(k for k, row in enumerate(rows) if row.split()[1] == "spine3") + 1
    return Publisher("\n".join([*rows[:at], *arms, *rows[at:]]), 0.01, "ZXY", False, "0.033333")


def _chain(names: list[str], joints: Sequence[str], depth: int) -> Iterator[str]:
    """Rows of joints that hang from each other; "·" is a space in a name."""
    remaining, row = list(joints), ""
    for name in names:
        if name == "-":
            remaining.pop(0)
            continue
        if name == "+":
            before, last = row.split()
            row = f"{before}.twist {last}>{remaining[0]}"
        else:
            row = f"{name} {remaining.pop(0)}"
        yield f"{' ' * depth}{row}"
        depth += 1
    # A foot without a joint has its tip.
    missing = names[-1] == "-"
    yield f"{' ' * depth}end {joints[-1] if missing else '-'}"


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
    rows = _rows(publisher)
    lines = ["HIERARCHY"]
    frames: list[list[float]] = [[], [], []]
    _write(publisher, rows, (0, 0, 0), lines, frames)
    lines += ["MOTION", "Frames: 3", f"Frame Time: {publisher.frame_time}"]
    lines += [" ".join(f"{value:.6f}" for value in frame) for frame in frames]
    return "\n".join([*lines, ""])


def meanings(publisher: Publisher) -> dict[str, str]:
    """The name in the file of each joint of smpl22 that it has."""
    named: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for row in _rows(publisher):
        name, joint = row.split()
        depth = len(row) - len(row.lstrip())
        above = [entry for entry in above if entry[0] < depth]
        name = f"{above[-1][1]} end" if name == "end" else name.replace("·", " ")
        above.append((depth, name))
        if joint in SMPL22.joints:
            named[joint] = name
    return named


def _rows(publisher: Publisher) -> list[str]:
    rows = publisher.tree.strip().splitlines()
    return rows if "right_" in publisher.tree else _both_sides(rows)


def _rest(joint: str) -> np.ndarray:
    if ">" in joint:
        return np.mean([_rest(end) for end in joint.split(">")], axis=0)
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
    kind = (
        "End Site" if name == "end" else f"{'ROOT' if root else 'JOINT'} {name.replace('·', ' ')}"
    )
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
