"""The actions: what each is called, how it is done, and how frequent it is."""

import dataclasses
from collections.abc import Callable

from motext_jax.data.synthetic import gestures, legs, locomotion
from motext_jax.data.synthetic.take import Take

_WHOLE = float("inf")


@dataclasses.dataclass(frozen=True)
class Action:
    """A kind of motion.

    Attributes:
      name: the category; "{side}" stands for left and right where there are two of it.
      perform: changes a take's poses; written for the left.
      seconds: the duration that `Take.tempo` lengthens or shortens; by default the whole clip.
      settles: takes with time before the action begin with steps to its place.
      tempos: takes may be slow or quick.
      sizes: takes may be small or big.
    """

    name: str
    perform: Callable[[Take], None]
    seconds: float = _WHOLE
    tempos: bool = True
    sizes: bool = False
    settles: bool = False

    @property
    def sided(self) -> bool:
        """True where the action has a left and a right form."""
        return "{side}" in self.name


# By frequency: what people do all the time first, gymnastics and counted claps last.
ACTIONS = (
    Action("walk", locomotion.walk, tempos=False),
    Action("stand still", gestures.stand_still, tempos=False),
    Action("turn {side}", locomotion.turn, 1.9, tempos=False),
    Action("raise the {side} arm", gestures.raise_arm, 1.7, settles=True),
    Action("wave with the {side} hand", gestures.wave, 1.9, sizes=True, settles=True),
    Action("throw with the {side} hand", gestures.throw, 1.6, settles=True),
    Action("walk and turn {side}", locomotion.walk_and_turn, tempos=False),
    Action("walk backward", locomotion.walk_backward, tempos=False),
    Action("run", locomotion.run, tempos=False),
    Action("punch with the {side} hand", gestures.punch, 1.9, tempos=False, settles=True),
    Action("sit down", legs.sit_down, 1.4, settles=True),
    Action("kick with the {side} leg", legs.kick, 1.3, sizes=True, settles=True),
    Action("bow", gestures.bow, 2.0, sizes=True, settles=True),
    Action("walk sideways to the {side}", locomotion.walk_sideways, tempos=False),
    Action("jump once", legs.jump_once, tempos=False),
    Action("nod", gestures.nod, 2.0, sizes=True),
    Action("shake the head", gestures.shake_head, 2.0, sizes=True),
    Action("walk fast", locomotion.walk_fast, tempos=False),
    Action("stand up", legs.stand_up, 1.4),
    Action("raise both arms", gestures.raise_both, 1.7, settles=True),
    Action("point to the {side}", gestures.point, 1.7, settles=True),
    Action("walk slowly", locomotion.walk_slowly, tempos=False),
    Action("clap", gestures.clap, 2.2, settles=True),
    Action("lean to the {side}", gestures.lean, 1.7, sizes=True, settles=True),
    Action("squat", legs.squat, 2.0, tempos=False, settles=True),
    Action("look around", gestures.look_around, 2.3),
    Action("lift the {side} knee", legs.lift_knee, 1.5, settles=True),
    Action("jumping jacks", legs.jumping_jacks, tempos=False),
    Action("wave with both hands", gestures.wave_both, 1.9, sizes=True, settles=True),
    Action("stand on the {side} leg", legs.stand_on_leg, 3.2, tempos=False, settles=True),
    Action("stretch", gestures.stretch, 2.3, settles=True),
    Action("jump twice", legs.jump_twice, tempos=False),
    Action("touch the {side} shoulder", gestures.touch_shoulder, 1.7, settles=True),
    Action("march", locomotion.march, tempos=False),
    Action("pick something up", gestures.pick_up, 2.2, settles=True),
    Action("hop on the {side} leg", legs.hop, tempos=False),
    Action("circle both arms", gestures.circle_arms, 2.3, settles=True),
    Action("kneel on the {side} knee", legs.kneel, 2.6, tempos=False, settles=True),
    Action("walk crouching", locomotion.crouch_walk, tempos=False),
    Action("jump three times", legs.jump_three_times, 4.4, tempos=False),
    Action("fold the arms", gestures.fold_arms, 1.8, settles=True),
    Action("jump forward", legs.jump_forward, tempos=False),
    Action("clap once", gestures.clap_once, 1.5, settles=True),
)
