"""Libraries of takes: indexed once, searched by words, by example and by order."""

EXPORTS = {
    "bvh": "BVH, else NPZ",
    "npz": "NPZ",
    "joints": "NPZ of smpl22's joints",
}
"""Formats of exported spans: BVH as it stands, of other formats .npz; .npz with the file's own
joints; .npz with smpl22's. Here, so that a command's --help names them without waiting."""
