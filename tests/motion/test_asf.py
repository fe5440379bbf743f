import numpy as np
import pytest
from acclaim import AMC, ASF, POSITIONS, positions, write
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from motext_jax.errors import InputError
from motext_jax.motion.asf import read_asf
from motext_jax.motion.asf_amc import read_amc


@pytest.mark.parametrize(
    ("axis", "dofs", "angles", "upper", "lower"),
    [
        ("0 0 0 XYZ", "rx ry rz", "90 0 0", [2, 0, 0], [2, 0, -1]),
        ("0 0 0 XYZ", "rx ry rz", "0 90 0", [0, 0, -2], [0, -1, -2]),
        ("0 0 0 XYZ", "rx ry rz", "0 0 90", [0, 2, 0], [1, 2, 0]),
        # x first, then z about the world's axis; and in the order of other degrees of freedom.
        ("0 0 0 XYZ", "rx ry rz", "90 0 90", [0, 2, 0], [0, 2, -1]),
        ("0 0 0 XYZ", "rx rz", "90 90", [0, 2, 0], [0, 2, -1]),
        ("0 0 0 XYZ", "rz rx", "90 90", [0, 0, 2], [1, 0, 2]),
        # The bone's x is the world's y.
        ("0 0 90 XYZ", "rx", "90", [0, 0, -2], [0, -1, -2]),
        ("90 0 0 zyx", "rx", "90", [0, 0, -2], [0, -1, -2]),
        # The bone's y is the world's z, by x first; by z first it is the world's -x.
        ("90 0 90 XYZ", "ry", "90", [0, 2, 0], [1, 2, 0]),
        ("90 0 90 ZYX", "ry", "90", [2, 0, 0], [2, 0, 1]),
    ],
)
def test_a_bone_turned_by_hand(tmp_path, axis, dofs, angles, upper, lower):
    asf = ASF.replace("0 0 0  XYZ", axis, 1).replace("rx ry rz", dofs)
    amc = AMC.replace("upper 0 0 90", f"upper {angles}").replace("lower 90", "lower 0")
    amc = amc.replace("upper 0 0 0", f"upper{' 0' * len(dofs.split())}").replace("1 2 3", "0 0 0")
    np.testing.assert_allclose(
        positions(write(tmp_path, amc, asf))[1, 1:3], [upper, lower], atol=1e-6
    )


@pytest.mark.parametrize(
    ("order", "position", "orientation", "values", "root", "upper", "lower"),
    [
        ("TX TY TZ RX RY RZ", "0 0 0", "0 0 0", "1 2 3 90 0 90", [1, 2, 3], [0, 2, 0], [0, 2, -1]),
        ("rz rx tz ty tx", "0 0 0", "0 0 0", "90 90 3 2 1", [1, 2, 3], [0, 0, 2], [1, 0, 2]),
        ("RZ", "4 5 6", "0 0 0", "90", [4, 5, 6], [0, 2, 0], [1, 2, 0]),
        # The orientation turns what the frame has turned, and not the translation.
        ("TX TY TZ RZ", "9 0 0", "90 0 0", "1 2 3 90", [10, 2, 3], [0, 0, 2], [1, 0, 2]),
    ],
)
def test_the_root_by_hand(tmp_path, order, position, orientation, values, root, upper, lower):
    asf = ASF.replace("TX TY TZ RX RY RZ", order)
    asf = asf.replace("position 0 0 0", f"position {position}")
    asf = asf.replace("orientation 0 0 0", f"orientation {orientation}")
    amc = f"1\nroot {values}\nupper 0 0 0\nlower 0\n"
    expected = np.add(root, [[0, 0, 0], upper, lower])
    np.testing.assert_allclose(positions(write(tmp_path, amc, asf))[0, :3], expected, atol=1e-6)


def test_no_degree_of_freedom_at_all(tmp_path):
    asf = ASF.replace("order TX TY TZ RX RY RZ", "order").replace("dof rx ry rz", "dof")
    paths = write(tmp_path, "1\n2\n3\n", asf.replace("dof rx", "# none"))
    np.testing.assert_allclose(positions(paths), [POSITIONS[0]] * 3, atol=1e-6)


SPELLINGS = {
    "CRLF": (AMC.replace("\n", "\r\n"), ASF.replace("\n", "\r\n")),
    "old Macintosh": (AMC.replace("\n", "\r"), ASF.replace("\n", "\r")),
    "upper case": (
        AMC.replace("root", "ROOT"),
        ASF.upper().replace("UPPER", "upper").replace("LOWER", "lower").replace("HAND", "hand"),
    ),
    "lower case": (AMC.lower(), ASF.lower()),
    "blank lines": (AMC.replace("\n", "\n \n\n"), ASF.replace("\n", "\n\n \t\n")),
    "tabs": (AMC.replace(" ", "\t"), ASF.replace(" ", "\t")),
    "comments": (AMC.replace("\n", " # 7 (x)\n# 8\n"), ASF.replace("\n", " # end\n#begin\n")),
    "byte order mark": (b"\xef\xbb\xbf" + AMC.encode(), b"\xef\xbb\xbf" + ASF.encode()),
    "no last newline": (AMC.rstrip(), ASF.rstrip()),
    "forms of numbers": (AMC.replace(" 90", " +9.0E1"), ASF.replace("-1 0", "-1. 0e-026")),
    "another encoding": (AMC, ASF.replace(":name arm", ":name Füße").encode("latin-1")),
    "comments of two strokes": (f"// 1\n{AMC}", ASF.replace("\n", "\n  // end\n")),
    "Ctrl-Z": (AMC + "\x1a", ASF.rstrip() + "\x1a"),
    "zeros at the end": (AMC.rstrip() + "\0" * 99, ASF + "\0" * 512),
    "UTF-16": (AMC.encode("utf-16"), ASF.encode("utf-16")),
    "no header": (AMC[AMC.index("1\n") :], ASF),
    "no units": (AMC, ASF[: ASF.index(":units")] + ASF[ASF.index(":doc") :]),
    "other sections": (AMC, ASF.replace(":root", ":skin\nbegin arm.obj\n:root")),
    "the root's defaults": (AMC, ASF.replace("axis XYZ\n   position 0 0 0\n", "")),
    "a direction's digits": (AMC, ASF.replace("direction 1 0 0", "direction 0.99 0 0")),
    "bones in another order": (
        AMC.replace("upper 0 0 90\nlower 90\n", "lower 90\nupper 0 0 90\n"),
        ASF.replace("    root upper\n    upper lower\n", "    upper lower\n    root upper\n"),
    ),
    "bones without values": (AMC.replace("lower", "hand\nlower"), ASF),
    "frames from 0": (AMC.replace("\n1\n", "\n0\n").replace("\n2\n", "\n1\n"), ASF),
    "frames from 119": (AMC.replace("\n1\n", "\n119\n").replace("\n2\n", "\n120\n"), ASF),
}


@pytest.mark.parametrize(("amc", "asf"), SPELLINGS.values(), ids=SPELLINGS)
def test_spellings_of_the_same_pair(tmp_path, amc, asf):
    paths = write(tmp_path, amc, asf)
    assert read_asf(paths[1]).joints == ("root", "upper", "lower", "hand")
    np.testing.assert_allclose(positions(paths), POSITIONS, atol=1e-6)


@st.composite
def pairs(draw):
    """Bones {name: (parent, direction, length, axis, order, dofs)}, frames; and the files."""
    count = draw(st.integers(1, 7))
    number = st.floats(-200, 200, allow_subnormal=False).map(lambda x: round(x, 4))
    three = st.tuples(number, number, number)
    orders = st.permutations("XYZ").map("".join)
    turns = st.permutations(["rx", "ry", "rz"]).flatmap(
        lambda dofs: st.integers(0, 3).map(lambda some: dofs[:some])
    )
    moves = draw(st.permutations(["TX", "TY", "TZ", "RX", "RY", "RZ"]))
    bones = {"root": ("", draw(three), None, draw(three), draw(orders), moves)}
    for bone in range(count):
        parent = draw(st.sampled_from(sorted(bones)))
        bones[f"b{bone}"] = (parent, *(draw(x) for x in (three, number, three, orders, turns)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    frames = [
        {name: rng.uniform(-200, 200, len(bone[-1])).round(3) for name, bone in bones.items()}
        for _ in range(draw(st.integers(1, 4)))
    ]

    def joined(values):
        return " ".join(map(str, values))

    _, position, _, orientation, order, dofs = bones["root"]
    asf = [":version 1.10", ":root", f"axis {order}", f"order {joined(dofs)}"]
    asf += [f"position {joined(position)}", f"orientation {joined(orientation)}", ":bonedata"]
    names = draw(st.permutations(list(bones)[1:]))
    for name in names:
        _, direction, length, axis, order, dofs = bones[name]
        asf += ["begin", f"name {name}", f"direction {joined(direction)}", f"length {length}"]
        asf += [f"axis {joined(axis)} {order}", f"dof {joined(dofs)}", "end"]
    asf += [":hierarchy", "begin", *(f"{bones[name][0]} {name}" for name in names), "end"]
    amc = []
    for index, frame in enumerate(frames):
        given = [name for name in frame if len(frame[name])]
        amc.append(str(index + 1))
        amc += [f"{name} {joined(frame[name])}" for name in rng.permutation(given)]
    return bones, frames, "\n".join(amc), "\n".join(asf)


def posed(bones, frame):
    """Positions of one frame by 4x4 matrices in float64, down the tree from the root."""
    found = {}

    def turned(dofs, values):
        turns = [(dof[1].lower(), x) for dof, x in zip(dofs, values, strict=True) if dof[0] in "rR"]
        rotation = np.eye(3)
        for axis, angle in turns:
            rotation = Rotation.from_euler(axis, angle, degrees=True).as_matrix() @ rotation
        return rotation

    def follow(name, parent):
        _, direction, length, axis, order, dofs = bones[name]
        c = Rotation.from_euler(order.lower(), axis, degrees=True).as_matrix()
        m = turned(dofs, frame[name])
        local = np.eye(4)
        if name == "root":
            local[:3, :3] = c @ m
            moved = {dof: x for dof, x in zip(dofs, frame[name], strict=True) if dof[0] == "T"}
            local[:3, 3] = np.add(direction, [moved["TX"], moved["TY"], moved["TZ"]])
        else:
            local[:3, :3] = c @ m @ c.T
            norm = np.linalg.norm(direction)
            local[:3, 3] = local[:3, :3] @ direction * (length / norm if norm else 0)
        world = parent @ local
        found[name] = world[:3, 3]
        for child, bone in bones.items():
            if bone[0] == name:
                follow(child, world)

    follow("root", np.eye(4))
    return found


@settings(derandomize=True, deadline=None, max_examples=60)
@given(pair=pairs())
def test_what_is_written_is_posed(tmp_path_factory, pair):
    bones, frames, amc_text, asf_text = pair
    folder = tmp_path_factory.mktemp("acclaim")
    amc, asf = folder / "a.amc", folder / "a.asf"
    amc.write_text(amc_text)
    asf.write_text(asf_text)
    skeleton = read_asf(asf)
    assert set(skeleton.joints) == set(bones)
    for joint, parent in zip(skeleton.joints, skeleton.parents, strict=True):
        assert bones[joint][0] == (skeleton.joints[parent] if parent >= 0 else "")
    expected = [[posed(bones, frame)[joint] for joint in skeleton.joints] for frame in frames]
    found = skeleton.positions(read_amc(amc, skeleton).frames)
    np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(expected).max() + 1e-6)


def test_a_long_file(tmp_path):
    """Longer than the blocks in which frames are posed."""
    turns = np.random.default_rng(0).uniform(-180, 180, 1200).round(3)
    lines = [
        f"{frame + 1}\nroot {frame} 0 0 0 0 0\nupper 0 0 {turn}\nlower 0"
        for frame, turn in enumerate(turns)
    ]
    found = positions(write(tmp_path, "\n".join(lines)))
    assert found.shape == (1200, 4, 3)
    turns = np.radians(turns)
    upper = np.stack([np.arange(1200) + 2 * np.cos(turns), 2 * np.sin(turns)], axis=1)
    np.testing.assert_allclose(found[:, 1, :2], upper, atol=1e-3)


# By fault: the file, and a pattern of the error's sentence.
DAMAGED = {
    "empty": ("", "the file is empty"),
    "binary": (bytes(range(1, 256)) * 40, "line 1: found no text, expected a section, :version"),
    "another format": ("HIERARCHY\n", "line 1: found 'HIERARCHY', expected a section"),
    "no root": (ASF.replace(":root", ":boot"), "found the end of the file, .* the section :root"),
    "no bones": (ASF.replace(":bonedata", ":b"), "end of the file, .* the section :bonedata"),
    "no hierarchy": (ASF[: ASF.index(":hier")], "line 44: .* end of the file.* :hierarchy"),
    "a length of zero": (ASF.replace("length 0.5", "length 0"), "line 6: found 'length 0'"),
    "a length in words": (ASF.replace("length 0.5", "length one"), "line 6: .*1 number below"),
    "an unknown angle": (ASF.replace("angle deg", "angle gon"), "line 7: .*in deg or rad"),
    "no angle": (ASF.replace("angle deg", "angle"), "line 7: .*in deg or rad"),
    "an unknown unit": (ASF.replace("mass 1.0", "mas 1.0"), "line 5: found 'mas 1.0'"),
    "a root's typing error": (ASF.replace("position", "positron"), "line 14: .*order, axis, pos"),
    "a short position": (ASF.replace("position 0 0 0", "position 0 0"), "line 14: .*3 numbers"),
    "an unknown order": (ASF.replace("TX TY", "TX TW"), "line 12: found 'tw', .*tx, ty, tz, rx"),
    "an order with a twin": (ASF.replace("TX TY", "TX TX"), "line 12: found 'tx', .*none.* twice"),
    "axes of two letters": (ASF.replace("axis XYZ", "axis XY"), "line 13: found 'axis XY'"),
    "an axis without order": (ASF.replace("0  XYZ", "0", 1), "line 22: found 'axis 0 0 0'"),
    "an axis of two angles": (ASF.replace("0 0 0  XYZ", "0 0 XYZ", 1), "line 22: .*3 numbers"),
    "a direction of NaN": (
        ASF.replace("1 0 0\n", "1 nan 0\n", 1),
        "line 20: .*'direction 1 nan 0'",
    ),
    "a huge length": (ASF.replace("length 2", "length 1e99"), "line 21: found 'length 1e99'"),
    "two lengths": (ASF.replace("length 2", "length 2 2"), "line 21: found 'length 2 2'"),
    "a bone that moves": (
        ASF.replace("dof rx\n", "dof tz rx\n"),
        "line 35: found 'tz', .*rx, ry, rz",
    ),
    "a bone that stretches": (ASF.replace("dof rx\n", "dof rx l\n"), "line 35: found 'l', "),
    "a bone's typing error": (
        ASF.replace("dof rx\n", "dov rx\n"),
        "line 35: .*dof or 'end'.*'lower'",
    ),
    "no name": (ASF.replace("name lower", "name"), "line 31: found 'name', expected a name"),
    "a name of megabytes": (
        ASF.replace("name lower", f"name {'a' * 10**6}"),
        "line 31: found 'a{79}…', expected a name of at most 1000 letters",
    ),
    "two names": (ASF.replace("name lower", "name upper"), "line 31: found 'name upper'"),
    "a bone named root": (ASF.replace("name lower", "name Root"), "line 31: found 'name Root'"),
    "no length": (ASF.replace("     length 1\n", ""), "line 36: found 'end', .*length of.*'lower'"),
    "no axis": (ASF.replace("     axis 0 0 0  XYZ\n", "", 1), "line 27: .*the axis of.*'upper'"),
    "no begin": (ASF.replace("  begin\n     id 2", "     id 2"), "line 29: .*'begin' of a bone"),
    "no end": (ASF.replace("  end\n:h", ":h"), "line 44: found ':hierarchy', .*'end' of.*'hand'"),
    "cut in a bone": (
        ASF[: ASF.index("id 3")],
        "line 39: .*'end' of the bone that begins on line 38",
    ),
    "cut in the hierarchy": (ASF[:-6], "line 49: .*end of the file.*'end' of the hierarchy"),
    "a hierarchy without begin": (
        ASF.replace("begin\n    root", "\n    root"),
        "line 47: .*'begin'",
    ),
    "an unknown child": (ASF.replace("upper lower\n", "upper lover\n"), "line 48: found 'lover'"),
    "an unknown parent": (ASF.replace("    lower h", "    lover h"), "line 49: found 'lover'"),
    "two parents": (
        ASF.replace("root upper", "root upper hand"),
        "line 49: found 'hand', .*no parent",
    ),
    "a parent of the root": (ASF.replace("lower hand", "lower hand root"), "line 49: found 'root'"),
    "a bone on its own": (ASF.replace("    lower hand\n", ""), "line 38: found 'hand', .*to root"),
    "a circle": (ASF.replace("root upper", "hand upper"), "line 17: found 'upper', .*lead to root"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("content", "sentence"), DAMAGED.values(), ids=DAMAGED)
def test_damage_is_named_in_one_sentence(tmp_path, content, sentence):
    path = write(tmp_path, asf=content)[1]
    with pytest.raises(InputError, match=f"^{path}(, line |: the file)") as caught:
        read_asf(path)
    assert caught.match(sentence)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


def test_too_many_bones_are_refused(tmp_path):
    bone = "begin\nname b{0}\ndirection 1 0 0\nlength 1\naxis 0 0 0 XYZ\nend\n"
    head = ASF.partition(":bonedata")[0] + ":bonedata\n"
    (tmp_path / "deep.asf").write_text(head + "".join(bone.format(k) for k in range(20_000)))
    with pytest.raises(InputError, match=r"found 'b9999', expected at most 10,000 bones"):
        read_asf(tmp_path / "deep.asf")
