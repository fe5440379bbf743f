"""Ways over the floor: walking, running, stepping, climbing, in many directions and manners."""

import functools
from typing import Any

import numpy as np

from motext_jax.data.people.action import Action
from motext_jax.data.people.footsteps import Bend, Gait, go
from motext_jax.data.people.part import Part
from motext_jax.data.synthetic.body import LEFT, RIGHT

Range = tuple[float, float]


def _travel(
    part: Part,
    speed: Range,
    step: Range,
    *,
    bends: tuple[Bend, ...] | None = None,
    bearing: float = 0.0,
    wander: float = 0.35,
    **gait: Any,
) -> None:
    """Goes at a speed and a step drawn from ranges, scaled to the legs and to the style."""
    style = part.style
    # Equal Froude numbers: long legs go faster, with longer steps, in proportion.
    scale = np.sqrt(part.body.leg / 0.8)
    tempo = {"slow": 0.55, "usual": 1.0, "quick": 1.35}[part.tempo]
    if bends is None:
        # Nobody walks along a ruler.
        middle = part.draw(0.1, 0.6)
        bends = ((part.draw(-wander, wander), middle, middle + part.draw(0.2, 0.5)),)
    drawn: dict[str, Any] = {
        name: part.draw(*v) if isinstance(v, tuple) else v for name, v in gait.items()
    }
    drawn["clearance"] = drawn.get("clearance", part.draw(0.05, 0.11)) * style.clearance * scale
    drawn.setdefault("heel", part.draw(0.6, 0.95))
    drawn["stray"] = max(drawn.get("stray", 0.0), 0.3 * style.sway)
    pace = part.draw(*speed) * scale * style.step * tempo
    period = part.draw(*step) * scale / (0.5 + 0.5 * style.tempo * tempo)
    if drawn.get("swing", 0.8) <= 1:
        # Who has a foot on the floor at all times cannot step farther than the legs reach.
        pace = min(pace, 1.1 * part.body.leg / period)
    go(
        part,
        Gait(
            speed=pace,
            step=period,
            bearing=bearing + part.draw(-0.08, 0.08),
            bends=bends,
            **drawn,
        ),
    )


_WALK: tuple[Range, Range] = ((0.8, 1.3), (0.48, 0.6))
_RUN: tuple[Range, Range] = ((2.3, 3.4), (0.3, 0.37))


def walk(part: Part, speed: Range = _WALK[0], step: Range = _WALK[1], **gait: Any) -> None:
    """A walk; `gait` as `Gait`'s fields, numbers or ranges."""
    _travel(part, speed, step, **gait)


def run(part: Part, speed: Range = _RUN[0], step: Range = _RUN[1], **gait: Any) -> None:
    """Ahead with bent arms, both feet in the air between steps."""
    moving = part.held(0.06, 0.08)
    part.poses.pelvis[:, 0] += part.draw(0.06, 0.2) * moving
    part.poses.crouch += part.draw(0.04, 0.08) * part.body.leg * moving
    pump = part.draw(0.45, 0.9)
    for hand in (LEFT, RIGHT):
        bent = (part.draw(0.25, 0.5), part.draw(-0.6, -0.35), part.draw(-0.1, 0.25), 0.7)
        part.place(hand, moving, bent)
        part.poses.arm_swing[hand] += pump * part.style.swing * moving
    changes: dict[str, Any] = {
        "swing": 1.25,
        "clearance": (0.15, 0.32),
        "heel": 0.9,
        "strike": 0.05,
    } | gait
    _travel(part, speed, step, **changes)


def turning(part: Part, angle: Range, moving=walk, **gait: Any) -> None:
    """Ahead, with a bend to the left that the clip shows."""
    first = max(0.1, -part.start / part.seconds + 0.05)
    last = min(0.95, (part.time[-1] - part.start) / part.seconds)
    middle = part.draw(first, max(first + 0.05, last - 0.4))
    bends = ((part.draw(*angle), middle, min(middle + part.draw(0.25, 0.45), last)),)
    moving(part, bends=bends, **gait)


def circling(part: Part, moving=walk, **gait: Any) -> None:
    """Round in a circle to the left."""
    length = part.seconds
    rate = part.draw(1.2, 1.9) * (1.2 if moving is run else 1.0)
    moving(part, bends=((rate * length, -0.25, 1.25),), **gait)


def winding(part: Part, sharp: bool = False, moving=walk, **gait: Any) -> None:
    """To the left and right in turn: an S with soft bends, a zigzag with sharp ones."""
    number = max(2, round(part.seconds / part.draw(0.95, 1.3)))
    angle = part.draw(1.0, 1.35)
    width = 0.35 / number if sharp else 0.95 / number
    bends = [(angle / 2, -0.01, width)]
    for k in range(1, number):
        sign = -1 if k % 2 else 1
        middle = (k + 0.2) / number
        bends.append((sign * angle, middle - width / 2, middle + width / 2))
    moving(part, bends=tuple(bends), **gait)


def turn(part: Part, angle: Range) -> None:
    """To the left on the spot with small steps."""
    angle_ = part.draw(*angle)
    steps = max(3, round(abs(angle_) / part.draw(0.45, 0.75)))
    step = part.seconds / (steps + 0.9)
    part.poses.neck[:, 2] += part.draw(0.1, 0.5) * part.held(0.2, 0.4)
    go(
        part,
        Gait(
            0.0,
            step,
            bends=((angle_, 0.0, 1.0),),
            clearance=part.draw(0.04, 0.09),
            heel=part.draw(0.1, 0.4),
        ),
    )


def turn_around(part: Part) -> None:
    """By half a turn, either way."""
    turn(part, (2.8, 3.5) if part.chance(0.5) else (-3.5, -2.8))


def back_and_forth(part: Part) -> None:
    """Ahead, about, and back again."""
    turns = 2 if part.seconds > 4 else 1
    sign = 1 if part.chance(0.5) else -1
    bends = tuple(
        (sign * np.pi, (k + 1) / (turns + 1) - 0.12, (k + 1) / (turns + 1) + 0.12)
        for k in range(turns)
    )
    walk(part, (0.9, 1.3), bends=bends)


def stooped(part: Part, crouch: Range, lean: Range, speed: Range, step: Range, **gait) -> None:
    """On bent knees with a bent trunk."""
    down = part.held(0.12, 0.12)
    part.poses.crouch += part.body.leg * part.draw(*crouch) * down
    bend = part.draw(*lean) * down
    part.poses.pelvis[:, 0] += 0.5 * bend
    part.poses.spine[:, 0] += 0.5 * bend
    part.poses.neck[:, 0] -= 0.8 * bend
    _travel(part, speed, step, **gait)


def sneak(part: Part) -> None:
    """Slow long steps on soft knees, the hands before the chest."""
    up = part.held(0.1, 0.1)
    for hand in (LEFT, RIGHT):
        part.place(hand, up, (0.5, part.draw(-0.4, -0.15), part.draw(-0.15, 0.2), 0.6))
    stooped(part, (0.12, 0.25), (0.3, 0.6), (0.4, 0.65), (0.65, 0.9), clearance=(0.14, 0.22))


def tiptoe(part: Part) -> None:
    """On the balls of the feet."""
    _travel(part, (0.4, 0.8), (0.45, 0.6), tiptoe=(0.6, 0.8), heel=0.2, strike=-0.1)


def limp(part: Part) -> None:
    """With a left leg that bears no weight for long."""
    _travel(part, (0.45, 0.75), (0.55, 0.7), limp=(0.3, 0.45), heel=0.25, strike=0.05)


def skip(part: Part) -> None:
    """With a hop in every step, arms swinging."""
    part.poses.arm_swing += 0.8 * part.held(0.1, 0.1)
    _travel(part, (1.3, 1.9), (0.5, 0.6), skip=(0.1, 0.18), clearance=(0.2, 0.3), swing=0.9)


def gallop(part: Part, bearing: float = 0.0) -> None:
    """One foot leads and the other follows in quick leaps."""
    _travel(
        part, (1.3, 1.8), (0.24, 0.3), bearing=bearing, skip=(0.05, 0.09), clearance=0.05, heel=0.3
    )


def march(part: Part, speed: Range = (0.5, 0.9)) -> None:
    """Knees high, the straight opposite arm up with each."""
    moving = part.held(0.08, 0.08)
    part.poses.arm_swing *= 1 - moving
    lift = part.body.leg * part.draw(0.3, 0.42)
    before = part.poses.feet[..., 1].copy()
    _travel(part, speed, (0.45, 0.58), clearance=lift / part.style.clearance, heel=0.4)
    raised = np.clip((part.poses.feet[..., 1] - before)[::-1] / lift, 0, 1)
    up = part.draw(-0.75, -0.4)
    for hand in (LEFT, RIGHT):
        part.place(hand, raised[hand] * moving, (part.draw(0.5, 0.8), up, 0.1, 0.3))


def high_knees(part: Part) -> None:
    """Running on the spot with the knees up to the hips."""
    lift = part.body.leg * part.draw(0.38, 0.5)
    run(
        part, (0.0, 0.05), (0.26, 0.33), clearance=lift / part.style.clearance, heel=0.3, swing=0.95
    )


def butt_kicks(part: Part) -> None:
    """Running on the spot, the heels up behind."""
    run(part, (0.0, 0.05), (0.27, 0.34), clearance=0.12, heel=0.9, swing=0.95)
    for foot in (LEFT, RIGHT):
        up = np.clip(part.poses.feet[foot, :, 1] / 0.1, 0, 1) * part.held(0.05, 0.05)
        way = up[:, None] * [0.0, 0.38 * part.body.leg, -0.42 * part.body.leg]
        part.move_foot(foot, way, under=0.0)
        part.poses.foot_pitch[foot] += 0.6 * up


def climb(part: Part, rise: Range, speed: Range, step: Range, hand: bool = False) -> None:
    """Over stairs; perhaps with a hand on the rail."""
    height = part.draw(*rise)
    up = height > 0
    part.poses.pelvis[:, 0] += (0.15 if up else -0.02) * part.held(0.1, 0.1)
    if part.chance(0.25):
        part.place(LEFT, part.held(0.1, 0.1), (0.6, -0.45, 0.45, 0.4))
    clearance = 0.06 if up else 0.03
    _travel(
        part,
        speed,
        step,
        bends=((part.draw(-0.1, 0.1), 0.2, 0.8),),
        rise=height,
        clearance=clearance,
        heel=0.35,
        strike=-0.05 if up else -0.3,
    )


def zombie(part: Part) -> None:
    """Stiff short steps, both arms out ahead."""
    up = part.held(0.12, 0.12)
    for hand in (LEFT, RIGHT):
        part.place(hand, up, (0.95, part.draw(-0.15, 0.1), part.draw(-0.1, 0.15), 0.4))
    part.poses.neck[:, 1] += part.draw(-0.4, 0.4) * up
    _travel(part, (0.3, 0.55), (0.65, 0.85), stray=0.05, clearance=0.03, heel=0.1)


def carrying(part: Part) -> None:
    """A box before the belly, while walking."""
    hold = part.held(0.08, 0.08)
    wide = part.draw(-0.15, 0.15)
    up = part.draw(-0.55, -0.3)
    for hand in (LEFT, RIGHT):
        part.place(hand, hold, (part.draw(0.5, 0.6), up, wide, 0.5))
    part.poses.spine[:, 0] -= 0.12 * hold
    _travel(part, (0.6, 1.0), (0.5, 0.62))


def pushing(part: Part) -> None:
    """Both hands ahead on a cart or a wall that gives way, the body leaning on them."""
    hold = part.held(0.1, 0.1)
    for hand in (LEFT, RIGHT):
        part.place(hand, hold, (0.85, part.draw(-0.35, -0.15), -0.05, 0.4))
    lean = part.draw(0.3, 0.6) * hold
    part.poses.pelvis[:, 0] += lean
    part.poses.neck[:, 0] -= 0.7 * lean
    part.poses.crouch += 0.05 * part.body.leg * hold
    _travel(part, (0.4, 0.8), (0.55, 0.7))


def pulling(part: Part) -> None:
    """Backward, both hands ahead on what is dragged along."""
    hold = part.held(0.1, 0.1)
    for hand in (LEFT, RIGHT):
        part.place(hand, hold, (0.8, part.draw(-0.65, -0.45), -0.05, 0.4))
    lean = part.draw(0.1, 0.35) * hold
    part.poses.pelvis[:, 0] -= lean
    part.poses.spine[:, 0] += 1.5 * lean
    part.poses.crouch += 0.12 * part.body.leg * hold
    _travel(part, (0.3, 0.6), (0.5, 0.7), bearing=np.pi, heel=0.2, strike=-0.1)


def beam(part: Part) -> None:
    """One foot right before the other, arms out for balance."""
    out = part.held(0.1, 0.1)
    sway = 0.15 * np.sin(part.phase(0.4, 0.8))
    for hand, sign in ((LEFT, 1), (RIGHT, -1)):
        place = np.stack([0 * sway + 0.1, sign * sway, 0 * sway + 0.93, 0 * sway + 0.3], axis=1)
        part.place(hand, out, place)
    part.poses.spine[:, 1] += 0.5 * sway * out
    _travel(part, (0.3, 0.5), (0.6, 0.8), cross=True, heel=0.2, strike=0.15)


def swagger(part: Part) -> None:
    """Long steps with the hips and shoulders rolling, arms wide."""
    moving = part.held(0.08, 0.08)
    part.poses.arm_swing += 0.5 * moving
    for hand in (LEFT, RIGHT):
        part.poses.hands[hand, :, 2] += 0.15 * moving
    _travel(part, (1.3, 1.7), (0.58, 0.68))


def shuffle(part: Part) -> None:
    """Feet that hardly leave the floor."""
    _travel(part, (0.3, 0.6), (0.45, 0.6), clearance=0.012, heel=0.08, strike=0.0)


def waddle(part: Part) -> None:
    """Wide short steps, the trunk tipping over each foot."""
    moving = part.held(0.08, 0.08)
    before = part.poses.feet[..., 1].copy()
    _travel(part, (0.35, 0.6), (0.45, 0.6), apart=1.7, heel=0.1, strike=0.0)
    lifted = part.poses.feet[..., 1] - before
    tip = np.tanh((lifted[RIGHT] - lifted[LEFT]) / 0.05) * moving
    part.poses.pelvis[:, 1] += 0.12 * tip
    part.poses.spine[:, 1] += 0.1 * tip


_p = functools.partial
_SIDEWAYS: dict[str, Any] = {
    "bearing": np.pi / 2,
    "heel": (0.05, 0.25),
    "strike": 0.0,
    "apart": 1.1,
}
_BACK: dict[str, Any] = {"bearing": np.pi, "heel": (0.1, 0.3), "strike": -0.15}


_way = functools.partial(Action, seconds=0.0, uses="l", tempos=False, layer=0)


ACTIONS = (
    _way("walk", walk, share=4.0),
    _way("run", run, share=2.0),
    _way("jog", _p(run, speed=(1.5, 2.0), step=(0.33, 0.4), clearance=(0.1, 0.2))),
    _way("walk fast", _p(walk, speed=(1.6, 2.0), step=(0.36, 0.42), swing=0.85), styled=False),
    _way(
        "walk slowly",
        _p(walk, speed=(0.3, 0.55), step=(0.72, 0.95), heel=(0.2, 0.35)),
        styled=False,
    ),
    _way("sneak", sneak, uses="aol"),
    _way("tiptoe", tiptoe),
    _way("limp", limp),
    _way("skip", skip, share=0.7),
    _way("gallop", gallop),
    _way("march", march, uses="aol"),
    _way("march in place", _p(march, speed=(0.0, 0.02)), uses="aol"),
    _way("run in place", _p(run, speed=(0.0, 0.05))),
    _way("run with high knees", high_knees, uses="aol"),
    _way("butt kicks", butt_kicks, noun=True, uses="aol"),
    _way("stagger", _p(walk, speed=(0.5, 0.8), step=(0.5, 0.7), stray=0.16, wander=0.6)),
    _way("shuffle", shuffle),
    _way("stride", swagger),
    _way("waddle", waddle),
    _way(
        "walk in a crouch",
        _p(stooped, crouch=(0.28, 0.4), lean=(0.4, 0.9), speed=(0.4, 0.8), step=(0.45, 0.65)),
    ),
    _way("walk like a zombie", zombie, uses="aol"),
    _way("walk carrying a box", carrying, uses="aol"),
    _way("push a cart", pushing, uses="aol"),
    _way("drag something backward", pulling, uses="aol"),
    _way("walk on a balance beam", beam, uses="aol"),
    _way("walk backward", _p(walk, speed=(0.5, 1.0), step=(0.48, 0.65), **_BACK), share=2.0),
    _way(
        "run backward",
        _p(run, speed=(1.2, 1.8), step=(0.32, 0.4), bearing=np.pi, heel=0.4, strike=-0.2),
    ),
    _way(
        "walk sideways to the {side}", _p(walk, speed=(0.35, 0.65), step=(0.4, 0.52), **_SIDEWAYS)
    ),
    _way("side shuffle to the {side}", _p(gallop, bearing=np.pi / 2), noun=True),
    _way("walk diagonally to the {side}", _p(walk, bearing=0.75, wander=0.1, heel=0.4)),
    _way("walk in a circle", circling),
    _way("walk in a circle to the {side}", circling),
    _way("run in a circle", _p(circling, moving=run, speed=(1.8, 2.4))),
    _way("walk in an S curve", winding),
    _way("walk in a zigzag", _p(winding, sharp=True)),
    _way("run in a zigzag", _p(winding, sharp=True, moving=run, speed=(1.6, 2.2))),
    _way("walk and turn {side}", _p(turning, angle=(1.1, 2.4)), share=1.5),
    _way("run and turn {side}", _p(turning, angle=(1.1, 2.2), moving=run, speed=(1.8, 2.5))),
    _way("walk and turn around", _p(turning, angle=(2.9, 3.4))),
    _way("pace back and forth", back_and_forth),
    _way("turn {side}", _p(turn, angle=(1.1, 2.2)), seconds=1.4, tempos=True, share=1.5),
    _way("turn around", turn_around, seconds=1.7, tempos=True),
    _way("spin to the {side}", _p(turn, angle=(5.6, 6.6)), seconds=1.9),
    _way("walk up stairs", _p(climb, rise=(0.14, 0.18), speed=(0.4, 0.5), step=(0.55, 0.65))),
    _way("walk down stairs", _p(climb, rise=(-0.18, -0.14), speed=(0.4, 0.5), step=(0.5, 0.6))),
    _way("run up stairs", _p(climb, rise=(0.13, 0.17), speed=(0.8, 1.0), step=(0.32, 0.38))),
)
"""Ways over the floor."""
