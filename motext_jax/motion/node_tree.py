"""A tree of a scene's nodes, of which some are a body's joints."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from motext_jax.errors import InputError

DEEPEST = 1_000
"""The most nodes above each other."""

_PIVOT = "$AssimpFbx$"
"""Assimp's mark of nodes that hold a part of an FBX bone's rotation, and are no joints."""


class NodeTree:
    """Nodes that have at most one parent each.

    Attributes:
      parents: each node's parent, -1 for a root.
      order: all nodes, each before its children, a branch at a time.
    """

    def __init__(
        self, children: Sequence[Sequence[int]], error: Callable[[int, str], InputError]
    ) -> None:
        """Finds the parents.

        Args:
          children: the nodes right below each node.
          error: makes the error for a node's children, of what was expected.

        Raises:
          InputError: a node has two parents, is below itself, or is too deep.
        """
        self.parents = [-1] * len(children)
        for node, below in enumerate(children):
            for child in below:
                if self.parents[child] >= 0:
                    raise error(node, f"nodes without another parent, and {child} has one")
                self.parents[child] = node
        self.order: list[int] = []
        waiting = [node for node, parent in enumerate(self.parents) if parent < 0][::-1]
        while waiting:
            self.order.append(waiting.pop())
            waiting += children[self.order[-1]][::-1]
        if len(self.order) < len(children):
            circle = min(set(range(len(children))).difference(self.order))
            raise error(circle, "a tree; the node is below itself")
        self._rank = {node: rank for rank, node in enumerate(self.order)}
        self._trees: dict[int, int] = {}
        depths = {-1: 0}
        for node in self.order:
            parent = self.parents[node]
            self._trees[node] = node if parent < 0 else self._trees[parent]
            depths[node] = depths[parent] + 1
            if depths[node] > DEEPEST:
                raise error(parent, f"at most {DEEPEST:,} nodes deep")

    def spanned(self, wanted: Iterable[int]) -> list[int]:
        """The smallest tree that holds the nodes, in `order`; of several trees, that of most."""
        joints = self.largest_tree(wanted)
        held = {self.top(joints)}
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

    def named(
        self, body: Sequence[int], names: Mapping[int, str]
    ) -> tuple[list[int], tuple[str, ...], tuple[int, ...]]:
        """The joints among the nodes of a tree, their names and their parents.

        A node without a name is called by its number, and a name that stands twice gets one. Parts
        of a bone's rotation that Assimp made nodes are left out.
        """
        joints = [node for node in body if node == body[0] or _PIVOT not in names[node]]
        index = {-1: -1} | {joint: number for number, joint in enumerate(joints)}
        parents = []
        for joint in joints:
            parent = -1 if joint == body[0] else self.parents[joint]
            while parent not in index:
                parent = self.parents[parent]
            parents.append(index[parent])
        taken: dict[str, int] = {}
        counts: dict[str, int] = {}
        for joint in joints:
            name = first = names[joint] or f"node {joint}"
            while name in taken:
                counts[first] = counts.get(first, 1) + 1
                name = f"{first} {counts[first]}"
            taken[name] = joint
        return joints, tuple(taken), tuple(parents)

    def largest_tree(self, nodes: Iterable[int]) -> set[int]:
        """The nodes that are of one tree, the one that has most of them."""
        trees: dict[int, set[int]] = {}
        for node in nodes:
            trees.setdefault(self._trees[node], set()).add(node)
        return max(trees.values(), key=len)

    def top(self, nodes: set[int]) -> int:
        """The lowest node that is above all nodes of one tree, or one of them."""
        # A branch stands together in `order`, so the first and the last tell for all between.
        first = min(nodes, key=self._rank.__getitem__)
        last = max(nodes, key=self._rank.__getitem__)
        above = {first, *self.above(first)}
        while last not in above:
            last = self.parents[last]
        return last
