"""The colours of every picture, and what stands for them on a dark screen."""

from collections.abc import Mapping

# Okabe and Ito's colour-blind safe palette (2008), and dark grey for what has no side.
SIDES = {"left": "#D55E00", "right": "#0072B2", "trunk": "#444444"}

INK, SOFT, LINE, PAPER = "#1b1d22", "#5b616e", "#d9dce2", "#ffffff"

# Okabe and Ito's palette (2008), told apart by colour-blind readers, without yellow; orange and sky
# blue are darker on white than there.
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#997000", "#2a9fd6", "#000000")

DARK: Mapping[str, str] = {
    INK: "#e7e9ee",
    SOFT: "#a2a9b8",
    LINE: "#3d434f",
    PAPER: "#16181d",
    "#000000": "#ffffff",
    "#0072b2": "#4ba3dd",
    "#997000": "#e69f00",
    "#2a9fd6": "#8fd3f7",
    # The strips' trunk, times and ground.
    "#444444": "#c9ced8",
    "#666666": "#a2a9b8",
    "#bbbbbb": "#4a505c",
}
"""Other colours in the place of those that a dark screen would swallow."""
