"""The tree of a glTF document's nodes, and which of them are a body's joints."""

from collections.abc import Iterable, Sequence

from motext_jax.motion.bounds import MOST_JOINTS
from motext_jax.motion.gltf_document import Document, Entry

MOST_SKINS = 200
DEEPEST = 1_000
"""The most nodes above each other."""

_PIVOT = "$AssimpFbx$"
"""Assimp's mark of nodes that hold a part of an FBX bone's rotation, and are no joints."""


class Nodes:
    """The nodes of a document, as a tree.

    Attributes:
      entries: each node in the document.
      parents: each node's parent, -1 for a root.
      order: all nodes, each before its children, a branch at a time.
    """

    def __init__(self, document: Document):
        """Raises InputError where the nodes are no tree."""
        self._document = document
        self.entries = document.root.entries("nodes")
        if not 0 < len(self.entries) <= MOST_JOINTS:
            raise document.root.error("nodes", f"1 to {MOST_JOINTS:,} nodes")
        children = [entry.wholes("children", len(self.entries)) for entry in self.entries]
        self.parents = [-1] * len(self.entries)
        for node, below in enumerate(children):
            for child in below:
                if self.parents[child] >= 0:
                    expected = f"nodes without another parent, and {child} has one"
                    raise self.entries[node].error("children", expected)
                self.parents[child] = node
        self.order: list[int] = []
        waiting = [node for node, parent in enumerate(self.parents) if parent < 0][::-1]
        while waiting:
            self.order.append(waiting.pop())
            waiting += children[self.order[-1]][::-1]
        if len(self.order) < len(self.entries):
            circle = min(set(range(len(self.entries))).difference(self.order))
            raise self.entries[circle].error("children", "a tree; the node is below itself")
        self._rank = {node: rank for rank, node in enumerate(self.order)}
        self._trees: dict[int, int] = {}
        depths = {-1: 0}
        for node in self.order:
            parent = self.parents[node]
            self._trees[node] = node if parent < 0 else self._trees[parent]
            depths[node] = depths[parent] + 1
            if depths[node] > DEEPEST:
                raise self.entries[parent].error("children", f"at most {DEEPEST:,} nodes deep")

    def body(self) -> set[int]:
        """The humanoid bones of a VRM, else the joints of the largest skinned body, else none.

        Two skins are of one body where the joint that is above all joints of the one is above those
        of the other, as with hair and clothes.
        """
        if bones := self.bones():
            return set(bones)
        skins = self._document.root.entries("skins")
        if len(skins) > MOST_SKINS:
            raise self._document.root.error("skins", f"at most {MOST_SKINS:,}")
        joints = [set(skin.wholes("joints", len(self.entries))) for skin in skins]
        tops = [self._top(self._largest_tree(skin)) for skin in joints if skin]
        bodies: dict[int, set[int]] = {}
        for skin, top in zip(filter(None, joints), tops, strict=True):
            highest = next(node for node in (*self.above(top), top) if node in tops)
            bodies.setdefault(highest, set()).update(skin)
        return max(bodies.values(), key=len, default=set())

    def bones(self) -> dict[int, str]:
        """The names of a VRM's humanoid bones, by node; those of VRM 1.0 before VRM 0.x."""
        extensions = self._document.root.entry("extensions")
        for extension in ("VRMC_vrm", "VRMC_vrm_animation"):
            bones = extensions.entry(extension).entry("humanoid").entry("humanBones")
            if bones.tree:
                return {self._node(bones.entry(name)): name for name in bones.tree}
        if "VRM" not in extensions.tree:
            return {}
        listed = extensions.entry("VRM").entry("humanoid").entries("humanBones")
        # UniVRM writes -1 for a bone that the body lacks.
        return {
            self._node(bone): bone.text("bone") for bone in listed if bone.tree.get("node") != -1
        }

    def spanned(self, wanted: Iterable[int]) -> list[int]:
        """The smallest tree that holds the nodes, in `order`; of several trees, that of most."""
        joints = self._largest_tree(wanted)
        held = {self._top(joints)}
        for node in joints:
            while node not in held:
                held.add(node)
                node = self.parents[node]
        return sorted(held, key=self._rank.__getitem__)

    def below(self, nodes: Iterable[int]) -> set[int]:
        """The nodes, and all below them."""
        held = set(nodes)
        for node in self.order:
            if self.parents[node] in held:
                held.add(node)
        return held

    def above(self, node: int) -> list[int]:
        """All nodes above one, the root first."""
        chain = []
        while (node := self.parents[node]) >= 0:
            chain.append(node)
        return chain[::-1]

    def named(self, body: Sequence[int]) -> tuple[list[int], tuple[str, ...], tuple[int, ...]]:
        """The joints among the nodes of a tree, their names and their parents.

        A VRM's bones have VRM's names. A node without a name is called by its number, and a name
        that stands twice gets one. Parts of a bone's rotation that Assimp made nodes are left out.
        """
        bones = self.bones()
        names = {node: bones.get(node) or self.entries[node].name() for node in body}
        joints = [node for node in body if node == body[0] or _PIVOT not in names[node]]
        index = {-1: -1} | {joint: number for number, joint in enumerate(joints)}
        parents = []
        for joint in joints:
            parent = -1 if joint == body[0] else self.parents[joint]
            while parent not in index:
                parent = self.parents[parent]
            parents.append(index[parent])
        taken: set[str] = set()
        counts: dict[str, int] = {}
        for joint in joints:
            name = first = names[joint] or f"node {joint}"
            while name in taken:
                counts[first] = counts.get(first, 1) + 1
                name = f"{first} {counts[first]}"
            taken.add(name)
            names[joint] = name
        return joints, tuple(names[joint] for joint in joints), tuple(parents)

    def _node(self, bone: Entry) -> int:
        return bone.whole("node", len(self.entries))

    def _largest_tree(self, nodes: Iterable[int]) -> set[int]:
        trees: dict[int, set[int]] = {}
        for node in nodes:
            trees.setdefault(self._trees[node], set()).add(node)
        return max(trees.values(), key=len)

    def _top(self, nodes: set[int]) -> int:
        """The lowest node that is above all nodes of one tree, or one of them."""
        # A branch stands together in `order`, so the first and the last tell for all between.
        first = min(nodes, key=self._rank.__getitem__)
        last = max(nodes, key=self._rank.__getitem__)
        above = {first, *self.above(first)}
        while last not in above:
            last = self.parents[last]
        return last
