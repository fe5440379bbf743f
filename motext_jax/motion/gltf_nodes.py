"""The tree of a glTF document's nodes, and which of them are a body's joints."""

from collections.abc import Sequence

from motext_jax.motion.bounds import MOST_JOINTS
from motext_jax.motion.gltf_document import Document, Entry
from motext_jax.motion.node_tree import NodeTree

MOST_SKINS = 200


class Nodes(NodeTree):
    """The nodes of a document, as a tree.

    Attributes:
      entries: each node in the document.
    """

    def __init__(self, document: Document):
        """Raises InputError where the nodes are no tree."""
        self._document = document
        self.entries = document.root.entries("nodes")
        if not 0 < len(self.entries) <= MOST_JOINTS:
            raise document.root.error("nodes", f"1 to {MOST_JOINTS:,} nodes")
        children = [entry.wholes("children", len(self.entries)) for entry in self.entries]
        super().__init__(
            children, lambda node, expected: self.entries[node].error("children", expected)
        )

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
        tops = [self.top(self.largest_tree(skin)) for skin in joints if skin]
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

    def joints(self, body: Sequence[int]) -> tuple[list[int], tuple[str, ...], tuple[int, ...]]:
        """The joints among the nodes of a tree, as `named`; a VRM's bones have VRM's names."""
        bones = self.bones()
        return self.named(
            body, {node: bones.get(node) or self.entries[node].name() for node in body}
        )

    def _node(self, bone: Entry) -> int:
        return bone.whole("node", len(self.entries))
