"""Makes fbx_scenes.npz: what ufbx says of FBX scenes; and blender.fbx: a BVH file by Blender.

Run once, with ufbx 0.21.2 (ufbx.c and ufbx.h in UFBX), gcc 12 and numpy 2.4.6; and with bpy 5.0.1:

    PYTHONPATH=tests python tests/golden/make_fbx.py scenes tests/golden/fbx_scenes.npz UFBX
    PYTHONPATH=tests:. python tests/golden/make_fbx.py blender tests/golden/blender.fbx

Of each scene there are `NAME/file`, its bytes, and `NAME/positions` [t v 3] of its nodes, in
their order, in float64.

blender.fbx is the person of `bvh_people` with Mixamo's names.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from fbx_scene import Scene

FRAMES = 12

PROGRAM = r"""
#include "ufbx.h"
#include <stdio.h>
int main(int count, char **arguments) {
    ufbx_load_opts options = {0};
    ufbx_scene *scene = ufbx_load_file(arguments[1], &options, NULL);
    if (!scene) return 1;
    for (int frame = 0; frame < 12; frame++) {
        ufbx_anim *anim = scene->anim_stacks.data[0]->anim;
        ufbx_scene *posed = ufbx_evaluate_scene(scene, anim, frame / 30.0, NULL, NULL);
        for (size_t node = 0; node < posed->nodes.count; node++) {
            ufbx_matrix at = posed->nodes.data[node]->node_to_world;
            const char *name = posed->nodes.data[node]->name.data;
            printf("[%d, \"%s\", %.17g, %.17g, %.17g]\n", frame, name, at.m03, at.m13, at.m23);
        }
        ufbx_free_scene(posed);
    }
    return 0;
}
"""


def turned(random):
    """Rotations of every order, before and after those that move."""
    for order in range(6):
        yield {
            "RotationActive": 1,
            "RotationOrder": order,
            "PreRotation": random.uniform(-90, 90, 3),
            "PostRotation": random.uniform(-90, 90, 3),
        }


def with_pivots(random):
    """Offsets and pivots of rotation and scale."""
    names = ("RotationOffset", "RotationPivot", "ScalingOffset", "ScalingPivot")
    for _ in range(6):
        scale = random.uniform(0.5, 2, 3)
        yield {"Lcl_Scaling": scale, "InheritType": 1} | {
            name: random.normal(0, 3, 3) for name in names
        }


def inheriting(kind):
    """Scales that are inherited in one way."""

    def nodes(random):
        for _ in range(6):
            yield {"Lcl_Scaling": random.uniform(0.5, 2, 3), "InheritType": kind}

    return nodes


def plain(random):
    """Nodes without more."""
    yield from ({} for _ in range(6))


def scene(seed, nodes, flags=0x4, keys=None):
    """A branching tree of six nodes, whose rotations are curves of keys at all frames, or fewer."""
    random = np.random.RandomState(seed)
    made, built = [], Scene()
    for number, numbers in enumerate(nodes(random)):
        parent = made[random.randint(number)] if number else None
        place = {"Lcl_Translation": random.normal(0, 10, 3)}
        made.append(built.node(f"n{number}", parent, **place, **numbers))
    times = np.arange(FRAMES) / 30 if keys is None else np.array(keys)

    automatic = np.broadcast_to(np.array(flags) & 0x508 == 0x108, len(times))

    def curve():
        values = random.uniform(-90, 90, len(times))
        if automatic.all() or not np.any(np.array(flags) & 0x8):
            return times, values, flags
        given = random.normal(0, 200, (len(times), 2))
        # Where nobody gave slopes, the numbers mean something else.
        given[automatic, 0] = 0
        given[:-1][automatic[1:], 1] = 0
        return times, values, flags, given

    return built.animate(*[(node, "Lcl Rotation", [curve() for _ in range(3)]) for node in made])


UNEVEN = (0, 0.09, 0.1, 0.27, 11 / 30)
SCENES = {
    "turned": scene(0, turned),
    "pivots": scene(1, with_pivots),
    **{f"inherits {kind}": scene(2 + kind, inheriting(kind)) for kind in range(3)},
    **{
        f"keys {flags:x}": scene(5, plain, flags, UNEVEN)
        for flags in (0x4, 0x2, 0x102, 0x108, 0x408, 0x1108, 0x2108, 0x4108, 0x6108)
    },
    "keys mixed": scene(6, plain, (0x408, 0x108, 0x408, 0x4, 0x108), UNEVEN),
}


def make_scenes(place, ufbx):
    """Writes each scene, in both widths of counts, and what ufbx says of it."""
    arrays = {}
    with tempfile.TemporaryDirectory() as folder:
        program, file = pathlib.Path(folder, "poses"), pathlib.Path(folder, "scene.fbx")
        program.with_suffix(".c").write_text(PROGRAM)
        subprocess.run(
            ["gcc", f"-I{ufbx}", program.with_suffix(".c"), f"{ufbx}/ufbx.c", "-lm", "-o", program],
            check=True,
        )
        for number, (name, built) in enumerate(SCENES.items()):
            content = built.binary(7500 if number % 2 else 7400, packed=True)
            file.write_bytes(content)
            lines = subprocess.run([program, file], check=True, capture_output=True).stdout
            positions = np.full((FRAMES, 6, 3), np.nan)
            for frame, node, *at in map(json.loads, lines.splitlines()):
                if node:
                    positions[frame, int(node[1:])] = at
            arrays |= {f"{name}/file": np.frombuffer(content, np.uint8)}
            arrays |= {f"{name}/positions": positions}
    np.savez_compressed(place, **arrays)


def make_blender(place):
    """Writes what Blender exports of a BVH file that it has imported."""
    import bpy
    import bvh_people

    bpy.ops.wm.read_factory_settings(use_empty=True)
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "walk.bvh")
        source.write_text(bvh_people.text(bvh_people.tool("Mixamo")))
        bpy.ops.import_anim.bvh(
            filepath=str(source),
            global_scale=0.01,
            rotate_mode="NATIVE",
            update_scene_fps=True,
            update_scene_duration=True,
        )
    bpy.ops.export_scene.fbx(filepath=str(place), bake_anim_simplify_factor=0.0)


if __name__ == "__main__":
    {"scenes": make_scenes, "blender": make_blender}[sys.argv[1]](*sys.argv[2:])
