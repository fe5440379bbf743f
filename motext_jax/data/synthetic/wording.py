"""The words: captions that are true of a clip, and held-out wordings to ask for it with."""

import numpy as np

from motext_jax.data.synthetic.body import SIDES

_SUBJECTS = ("a person", "someone", "somebody", "the person", "a human")

# Words that a caption may add if `Take.tempo` or `Take.size` makes them true.
_MANNERS = {
    "slow": ("slowly", "at a slow speed", "in a slow manner"),
    "quick": ("quickly", "at a high speed", "in a quick manner"),
    "small": ("with a small movement", "in a small way"),
    "big": ("with a big movement", "in a big way"),
}

# For each action of `actions.ACTIONS`: what captions say, and two wordings or more that no caption
# has. {side} is the action's side, {other} the other one. The held-out wordings are new
# combinations of words that captions use; "is walking forward" is held out where captions have
# "walks forward" and "is walking ahead".
_WORDINGS = {
    "walk": (
        ("walks", "walks forward", "is walking ahead", "takes steps forward", "goes for a walk"),
        ("is walking forward", "walks ahead"),
    ),
    "stand still": (
        ("stands still", "is standing", "waits in place", "is standing around and waits"),
        ("is standing still", "stands around and waits"),
    ),
    "walk and turn {side}": (
        (
            "walks and turns {side}",
            "walks in a curve to the {side}",
            "is walking and turning to the {side}",
            "goes forward with a turn to the {side}",
            "takes steps forward while turning {side}",
        ),
        ("walks forward while turning to the {side}", "is walking in a {side} curve"),
    ),
    "walk backward": (
        ("walks backward", "is walking back", "takes steps back", "goes backward", "backs away"),
        ("is walking backward", "takes steps backward"),
    ),
    "raise the {side} arm": (
        (
            "raises the {side} arm",
            "lifts the {side} arm up",
            "is raising the {side} hand",
            "puts the {side} hand up in the air",
        ),
        ("is raising the {side} arm up in the air", "lifts the {side} hand up"),
    ),
    "run": (
        ("runs", "runs forward", "is running ahead", "jogs", "goes for a run"),
        ("is running forward", "jogs ahead"),
    ),
    "wave with the {side} hand": (
        (
            "waves with the {side} hand",
            "waves the {side} hand",
            "is waving hello with the {side} arm",
            "greets with the {side} hand",
        ),
        ("is waving with the {side} hand", "waves hello with the {side} hand"),
    ),
    "turn {side}": (
        (
            "turns {side}",
            "turns to the {side} in place",
            "is turning {side} on the spot",
            "rotates to the {side}",
        ),
        ("is turning to the {side} in place", "rotates {side} on the spot"),
    ),
    "sit down": (
        ("sits down", "takes a seat", "is sitting down on a chair", "lowers the body to sit"),
        ("sits down on a seat", "takes a seat on a chair"),
    ),
    "kick with the {side} leg": (
        (
            "kicks with the {side} leg",
            "kicks forward with the {side} foot",
            "is kicking with the {side} foot",
            "does a {side} kick",
        ),
        ("is kicking forward with the {side} leg", "kicks the {side} leg in the air"),
    ),
    "bow": (
        ("bows", "bows forward", "is bowing to greet", "bends the upper body forward"),
        ("is bowing forward", "bows to greet"),
    ),
    "walk sideways to the {side}": (
        (
            "walks sideways to the {side}",
            "steps to the {side}",
            "takes side steps to the {side}",
            "is walking to the {side} sideways",
            "moves sideways {side}",
        ),
        ("takes steps sideways to the {side}", "walks to the {side} with side steps"),
    ),
    "jump once": (
        ("jumps once", "jumps up one time", "does one jump", "is jumping a single time"),
        ("does a single jump", "is jumping once"),
    ),
    "throw with the {side} hand": (
        (
            "throws with the {side} hand",
            "throws something with the {side} arm",
            "is throwing a ball with the {side} hand",
            "does a {side} throw",
        ),
        ("throws a ball with the {side} arm", "is throwing something with the {side} hand"),
    ),
    "walk fast": (
        ("walks fast", "is walking in a hurry", "hurries forward", "walks with fast steps"),
        ("is walking fast", "walks forward in a hurry"),
    ),
    "stand up": (
        ("stands up", "gets up from a chair", "is standing up from a seat", "rises from a chair"),
        ("gets up from a seat", "stands up from a chair"),
    ),
    "punch with the {side} hand": (
        (
            "punches with the {side} hand",
            "punches forward with the {side} fist",
            "is punching with the {side} arm",
            "does a {side} punch",
        ),
        ("is punching forward with the {side} hand", "punches with the {side} fist"),
    ),
    "raise both arms": (
        (
            "raises both arms",
            "lifts both arms up",
            "is raising both hands",
            "puts both hands up in the air",
        ),
        ("is raising both arms up in the air", "lifts both hands up"),
    ),
    "point to the {side}": (
        (
            "points to the {side}",
            "points {side} with the {side} hand",
            "is pointing {side}",
            "holds the {side} arm out to the side",
        ),
        ("is pointing to the {side}", "points {side} with the {side} arm out"),
    ),
    "walk slowly": (
        ("walks slowly", "is walking at a slow pace", "strolls", "walks with slow steps"),
        ("is walking slowly", "walks forward at a slow pace"),
    ),
    "clap": (
        ("claps", "claps many times", "is clapping the hands", "applauds", "keeps clapping"),
        ("is clapping many times", "applauds with the hands"),
    ),
    "lean to the {side}": (
        (
            "leans to the {side}",
            "leans {side}",
            "is leaning to the {side} side",
            "bends the upper body to the {side}",
        ),
        ("is leaning {side}", "leans the upper body to the {side} side"),
    ),
    "squat": (
        ("squats", "does a squat", "is squatting", "bends both knees and comes up again"),
        ("is doing a squat", "squats and comes up again"),
    ),
    "look around": (
        ("looks around", "is looking around", "looks to one side and the other", "searches around"),
        ("is looking to one side and the other", "looks and searches around"),
    ),
    "lift the {side} knee": (
        (
            "lifts the {side} knee",
            "raises the {side} knee up",
            "is lifting the {side} knee high",
            "brings the {side} knee up",
        ),
        ("is raising the {side} knee", "lifts the {side} knee up high"),
    ),
    "jumping jacks": (
        ("does jumping jacks", "is doing jumping jacks", "performs star jumps", "does star jumps"),
        ("is doing star jumps", "performs jumping jacks"),
    ),
    "wave with both hands": (
        (
            "waves with both hands",
            "waves both hands",
            "is waving hello with both arms",
            "greets with both hands",
        ),
        ("is waving with both hands", "waves hello with both hands"),
    ),
    "stand on the {side} leg": (
        (
            "stands on the {side} leg",
            "balances on the {side} leg",
            "is standing on the {side} foot",
            "holds the {other} foot up and balances",
        ),
        ("balances on the {side} foot", "stands on the {side} foot and balances"),
    ),
    "stretch": (
        (
            "stretches",
            "stretches the arms over the head",
            "is stretching the body",
            "holds the hands together over the head and stretches",
        ),
        ("is stretching the arms over the head", "stretches the body with the hands together"),
    ),
    "nod": (
        ("nods", "nods the head", "is nodding yes", "moves the head up and down"),
        ("is nodding the head", "moves the head to say yes"),
    ),
    "jump twice": (
        ("jumps twice", "jumps up two times", "does two jumps", "is jumping two times"),
        ("is jumping twice", "does two jumps up in the air"),
    ),
    "touch the {side} shoulder": (
        (
            "touches the {side} shoulder",
            "puts the {other} hand on the {side} shoulder",
            "is touching the {side} shoulder with the {other} hand",
            "holds the {side} shoulder",
        ),
        (
            "touches the {side} shoulder with the {other} hand",
            "holds the {side} shoulder with the {other} hand",
        ),
    ),
    "march": (
        (
            "marches",
            "is marching",
            "marches with the knees high",
            "lifts the knees high with each step",
        ),
        ("is marching with high knees", "marches and lifts the knees with each step"),
    ),
    "pick something up": (
        (
            "picks something up",
            "picks something up from the floor",
            "bends down and takes something from the floor",
            "is picking up a box",
        ),
        ("is picking something up from the floor", "bends down and picks up a box"),
    ),
    "hop on the {side} leg": (
        (
            "hops on the {side} leg",
            "hops on the {side} foot",
            "is hopping on the {side} leg",
            "jumps on the {side} leg only",
        ),
        ("is hopping on the {side} foot", "hops on the {side} leg only"),
    ),
    "shake the head": (
        (
            "shakes the head",
            "is shaking the head",
            "shakes the head to say no",
            "moves the head from side to side",
        ),
        ("is shaking the head to say no", "moves the head to say no"),
    ),
    "circle both arms": (
        (
            "circles both arms",
            "swings both arms in circles",
            "is circling the arms",
            "makes big circles with both arms",
        ),
        ("swings the arms in big circles", "makes circles with both arms"),
    ),
    "kneel on the {side} knee": (
        (
            "kneels on the {side} knee",
            "kneels down on the {side} knee",
            "goes down on the {side} knee",
            "is kneeling with the {side} knee on the floor",
        ),
        ("is kneeling on the {side} knee", "goes down with the {side} knee on the floor"),
    ),
    "walk crouching": (
        (
            "walks crouching",
            "walks with bent knees",
            "is walking in a crouch",
            "sneaks forward with bent knees",
        ),
        ("is walking with bent knees", "sneaks forward in a crouch"),
    ),
    "jump three times": (
        ("jumps three times", "jumps up three times", "does three jumps", "is jumping three times"),
        ("is doing three jumps", "does three jumps up in the air"),
    ),
    "fold the arms": (
        ("folds the arms", "crosses the arms", "is crossing both arms", "folds the arms in front"),
        ("is crossing the arms in front", "folds both arms"),
    ),
    "jump forward": (
        (
            "jumps forward",
            "jumps ahead with both feet",
            "does a jump forward",
            "is jumping forward",
        ),
        ("does a jump ahead", "is jumping forward with both feet"),
    ),
    "clap once": (
        ("claps once", "claps one time", "is clapping a single time", "does one clap"),
        ("is clapping once", "does a single clap"),
    ),
}


def category(action: str, side: int) -> str:
    """An action's name for a side, or the name itself where there are no sides."""
    return action.format(side=SIDES[side], other=SIDES[1 - side])


def training_wordings(action: str, side: int) -> tuple[str, ...]:
    """Verb phrases for an action, which stand between the subject and the manner."""
    return tuple(category(wording, side) for wording in _WORDINGS[action][0])


def held_out_wordings(action: str, side: int) -> tuple[str, ...]:
    """Sentences for an action that no caption has."""
    return tuple(f"a person {category(wording, side)}" for wording in _WORDINGS[action][1])


def draw_captions(
    rng: np.random.Generator, action: str, side: int, tempo: str, size: str
) -> tuple[str, ...]:
    """Three sentences, worded differently, of which about half name a manner that is seen."""
    manners = [manner for key in (tempo, size) for manner in _MANNERS.get(key, ())]
    captions = []
    for wording in rng.choice(training_wordings(action, side), 3, replace=False):
        words = [rng.choice(_SUBJECTS), wording]
        if manners and rng.random() < 0.5:
            words.append(rng.choice(manners))
        captions.append(" ".join(words))
    return tuple(captions)
