"""The objects of an FBX document and what connects them: nodes, properties and animations."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from motext_jax.errors import InputError
from motext_jax.motion.bounds import LONGEST_NAME, MOST_JOINTS, TOO_LARGE
from motext_jax.motion.fbx_curve import read_keys
from motext_jax.motion.fbx_document import Document, Record
from motext_jax.motion.node_tree import NodeTree

_JOINTS = ("LimbNode", "Limb", "Root")
"""The kinds of nodes that are a skeleton's joints."""

PARTS = {
    "Lcl Translation": (0.0, 0.0, 0.0),
    "Lcl Rotation": (0.0, 0.0, 0.0),
    "Lcl Scaling": (1.0, 1.0, 1.0),
}
"""The parts of a node's transform that curves move, by their properties, and their defaults."""

_AXES = ("d|X", "d|Y", "d|Z")


class Properties:
    """The properties of a record that are numbers."""

    def __init__(self, record: Record | None, template: "Properties | None" = None):
        """`template` has those that the record does not say."""
        listed = record.child("Properties70") if record else None
        own = {each.text(0): each for each in listed.named("P")} if listed else {}
        self._listed: dict[str, Record] = {**template._listed, **own} if template else own

    def numbers(self, name: str, default: Sequence[float]) -> Float[np.ndarray, "n"]:
        """The numbers of a property, as many as the default has.

        Raises:
          InputError: they are fewer, or are not finite.
        """
        if name not in self._listed:
            return np.array(default, np.float64)
        listed = self._listed[name]
        # Before the numbers stand a property's name, type, label and flags.
        numbers = np.array([listed.number(4 + place) for place in range(len(default))], np.float64)
        if not (np.abs(numbers) < TOO_LARGE).all():
            raise listed.error(f"{numbers.tolist()}, expected numbers below {TOO_LARGE:g}")
        return numbers

    def whole(self, name: str, default: int) -> int:
        """The whole number of a property."""
        return int(self.numbers(name, [default])[0])


class Nodes(NodeTree):
    """The nodes of a document, which FBX calls models, as a tree.

    Attributes:
      models: each node's record.
    """

    def __init__(self, document: Document, objects: "Objects"):
        """Raises InputError where the nodes are no tree."""
        self._objects = objects
        self.models = objects.named("Model")
        if not 0 < len(self.models) <= MOST_JOINTS:
            raise InputError(
                f"{document.path}: {len(self.models):,} nodes; expected 1 to {MOST_JOINTS:,}"
            )
        self._index = {model.whole(0): node for node, model in enumerate(self.models)}
        children: list[list[int]] = [[] for _ in self.models]
        placed: set[int] = set()
        for link in objects.links:
            child, parent = self._index.get(link.child), self._index.get(link.parent)
            # A node may stand below others too; it is moved by the first.
            if link.property or child is None or parent is None or child in placed:
                continue
            children[parent].append(child)
            placed.add(child)
        super().__init__(
            children,
            lambda node, expected: self.models[node].error(f"nodes below it; expected {expected}"),
        )

    def at(self, number: int) -> int | None:
        """The node of an object's number; None for another object."""
        return self._index.get(number)

    def properties(self, node: int) -> Properties:
        """A node's properties."""
        return self._objects.properties(self.models[node])

    def body(self, moved: set[int]) -> set[int]:
        """The joints of the largest skeleton; none where no node is a joint.

        Two joints are of one skeleton where the highest joint above them is the same. A skeleton
        with nodes that are moved comes before one without.
        """
        limbs = {node for node, model in enumerate(self.models) if model.text(2) in _JOINTS}
        skeletons: dict[int, set[int]] = {}
        for node in limbs:
            top = next(above for above in (*self.above(node), node) if above in limbs)
            skeletons.setdefault(top, set()).add(node)
        return max(
            skeletons.values(),
            key=lambda joints: (not moved.isdisjoint(joints), len(joints)),
            default=set(),
        )

    def joints(self, body: Sequence[int]) -> tuple[list[int], tuple[str, ...], tuple[int, ...]]:
        """The joints among the nodes of a tree, as `named`."""
        names = {node: self.models[node].text(1) for node in body}
        for node, name in names.items():
            if len(name) > LONGEST_NAME:
                raise self.models[node].error(f"a name of {len(name):,} letters")
        return self.named(body, names)


@dataclasses.dataclass(frozen=True)
class Link:
    """An object that belongs to another one, or to a property of it."""

    child: int
    parent: int
    property: str


class Objects:
    """A document's objects, by their numbers, and their links."""

    def __init__(self, document: Document):
        records = [record for record in document.section("Objects") if record.name in _WANTED]
        self._by_name: dict[str, list[Record]] = {}
        self._by_number: dict[int, Record] = {}
        for record in records:
            self._by_name.setdefault(record.name, []).append(record)
            self._by_number[record.whole(0)] = record
        self._templates = {
            kind.text(0): Properties(kind.child("PropertyTemplate"))
            for kind in document.section("Definitions")
            if kind.name == "ObjectType" and kind.text(0) in _WANTED
        }
        self.links = [
            Link(link.whole(1), link.whole(2), link.text(3) if link.text(0) == "OP" else "")
            for link in document.section("Connections")
            if link.name == "C" and link.text(0) in ("OO", "OP")
        ]
        self._below: dict[int, list[Link]] = {}
        for link in self.links:
            self._below.setdefault(link.parent, []).append(link)

    def named(self, name: str) -> list[Record]:
        """The objects of a kind."""
        return self._by_name.get(name, [])

    def properties(self, record: Record) -> Properties:
        """An object's properties, or else those of all objects of its kind."""
        return Properties(record, self._templates.get(record.name))

    def below(self, record: Record, name: str) -> Iterable[tuple[Record, str]]:
        """The objects of a kind that belong to one, each with the property."""
        for link in self._below.get(record.whole(0), []):
            found = self._by_number.get(link.child)
            if found is not None and found.name == name:
                yield found, link.property


_WANTED = ("Model", "AnimationStack", "AnimationLayer", "AnimationCurveNode", "AnimationCurve")


@dataclasses.dataclass(frozen=True, eq=False)
class Channel:
    """The curves of a part of a node's transform.

    Attributes:
      record: the AnimationCurveNode's.
      curves: curves' records by their axis.
      is_blended: True where another layer moves the part too, or this one adds to what it is.
    """

    record: Record
    curves: Mapping[int, Record]
    is_blended: bool

    def still(self, otherwise: Float[np.ndarray, "3"]) -> Float[np.ndarray, "3"]:
        """The part's numbers where no curve moves them; `otherwise` those that it does not say."""
        own = Properties(self.record)
        each = [own.numbers(name, [otherwise[axis]])[0] for axis, name in enumerate(_AXES)]
        return np.array(each, np.float64)


Channels = dict[tuple[int, str], Channel]
"""The channels of an animation, by node and part of its transform."""

_OVERRIDE = 1
"""The way in which a layer takes the place of those below it."""


def animations(objects: Objects, nodes: Nodes, ticks: int) -> dict[str, Channels]:
    """The document's animations, by their names."""
    targets: dict[int, list[tuple[int, str]]] = {}
    for link in objects.links:
        if link.property in PARTS and (node := nodes.at(link.parent)) is not None:
            targets.setdefault(link.child, []).append((node, link.property))
    found: dict[str, Channels] = {}
    for number, stack in enumerate(objects.named("AnimationStack")):
        name = stack.text(1) or f"animation {number}"
        name = name if name not in found else f"{name} {number}"
        found[name] = _channels(objects, stack, targets, ticks)
    return found


def _channels(
    objects: Objects,
    stack: Record,
    targets: Mapping[int, Sequence[tuple[int, str]]],
    ticks: int,
) -> Channels:
    """An animation's channels; `targets` has the parts that each AnimationCurveNode moves."""
    channels: Channels = {}
    layers = [layer for layer, _ in objects.below(stack, "AnimationLayer")]
    for place, layer in enumerate(layers):
        own = objects.properties(layer)
        if own.whole("Mute", 0):
            continue
        adds = place > 0 and own.whole("BlendMode", 0) != _OVERRIDE
        for record, _ in objects.below(layer, "AnimationCurveNode"):
            curves = {
                _AXES.index(axis): curve
                for curve, axis in objects.below(record, "AnimationCurve")
                if axis in _AXES
            }
            for target in targets.get(record.whole(0), []):
                below = channels.get(target)
                is_moved = below is not None and len(below.curves) > 0
                if adds and _is_neutral(curves, PARTS[target[1]], ticks):
                    continue
                # Above the first layer, what has no curve changes nothing.
                if curves or not (place or is_moved):
                    channels[target] = Channel(record, curves, adds or is_moved)
    return channels


def _is_neutral(curves: Mapping[int, Record], neutral: Sequence[float], ticks: int) -> bool:
    """True for curves of a layer that adds nothing, as a new layer's keys do."""
    return all(
        bool((read_keys(curve, ticks)[1] == neutral[axis]).all()) for axis, curve in curves.items()
    )
