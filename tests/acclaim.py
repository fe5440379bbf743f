"""An arm in Acclaim's two files, and where its joints are."""

import pathlib

from motext_jax.motion.asf import read_asf
from motext_jax.motion.asf_amc import read_amc

# :root is on line 11, :bonedata on 16, the bones on 17, 29 and 38, :hierarchy on 45.
ASF = """\
# Written by hand
:version 1.10
:name arm
:units
  mass 1.0
  length 0.5
  angle deg
:documentation
   It says: begin, and
   end.
:root
   order TX TY TZ RX RY RZ
   axis XYZ
   position 0 0 0
   orientation 0 0 0
:bonedata
  begin
     id 1
     name upper
     direction 1 0 0
     length 2
     axis 0 0 0  XYZ
    dof rx ry rz
    limits (-160.0 20.0)
           (-70.0 70.0)
           (-inf inf)
     bodymass 2.5
  end
  begin
     id 2
     name lower
     direction 0 -1 0
     length 1
     axis 0 0 0  XYZ
    dof rx
    limits (-10.0 170.0)
  end
  begin
     id 3
     name hand
     direction 0 0 1
     length 3
     axis 0 0 0  XYZ
  end
:hierarchy
  begin
    root upper
    upper lower
    lower hand
  end
"""
AMC = """\
#!OML:ASF arm.ASF
:FULLY-SPECIFIED
:DEGREES
1
root 0 0 0 0 0 0
upper 0 0 0
lower 0
2
root 1 2 3 0 0 0
upper 0 0 90
lower 90
"""
POSITIONS = [
    [[0, 0, 0], [2, 0, 0], [2, -1, 0], [2, -1, 3]],
    [[1, 2, 3], [1, 4, 3], [1, 4, 2], [4, 4, 2]],
]


def write(folder: pathlib.Path, amc=AMC, asf=ASF) -> tuple[pathlib.Path, pathlib.Path]:
    """Writes an AMC file and its ASF file, texts or bytes, and gives their paths."""
    paths = folder / "arm_01.amc", folder / "arm.asf"
    for path, content in zip(paths, (amc, asf), strict=True):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return paths


def positions(paths):
    """Joint positions of such a pair of files, in the files' unit."""
    amc, asf = paths
    skeleton = read_asf(asf)
    return skeleton.positions(read_amc(amc, skeleton).frames)
