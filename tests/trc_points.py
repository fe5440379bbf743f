"""Small TRC files as bytes, written by hand; and the keypoints of a person whom cameras saw."""

import numpy as np

# As OpenPose finds them and OpenCap writes them, in metres, y up; the person faces x.
KEYPOINTS = {
    "Neck": (0, 1.45, 0),
    "RShoulder": (0, 1.43, 0.18),
    "RElbow": (0, 1.15, 0.2),
    "RWrist": (0.05, 0.9, 0.2),
    "LShoulder": (0, 1.43, -0.18),
    "LElbow": (0, 1.15, -0.2),
    "LWrist": (0.05, 0.9, -0.2),
    "midHip": (0, 0.95, 0),
    "RHip": (0, 0.95, 0.1),
    "RKnee": (0.02, 0.5, 0.1),
    "RAnkle": (0, 0.08, 0.1),
    "LHip": (0, 0.95, -0.1),
    "LKnee": (0.02, 0.5, -0.1),
    "LAnkle": (0, 0.08, -0.1),
    "LBigToe": (0.18, 0.02, -0.09),
    "LSmallToe": (0.14, 0.02, -0.13),
    "RBigToe": (0.18, 0.02, 0.09),
    "RSmallToe": (0.14, 0.02, 0.13),
}


def moved(points, frames=4, step=(0.1, 0, 0)):
    """Points that a step moves in every frame: [t n 3]."""
    still = np.array(list(points.values()), float)
    return still + np.arange(frames)[:, None, None] * np.array(step)


def trc(labels, positions, fps=60.0, blank="\n", end="\n", number="{:.5f}", **said):
    """A file of positions [t n 3]; NaN is blank.

    Args:
      labels: the points' names.
      positions: in the file's unit.
      fps: frames a second, in the head and by the times.
      blank: what follows the head.
      end: what ends a line.
      number: how numbers are written.
      said: other fields of the head.
    """
    head = {"DataRate": fps, "CameraRate": fps, "NumFrames": len(positions)}
    head |= {"NumMarkers": len(labels), "Units": "m"} | said
    axes = "\t".join(f"{axis}{n + 1}" for n in range(len(labels)) for axis in "XYZ")
    lines = [
        "PathFileType\t4\t(X/Y/Z)\twalk.trc",
        "\t".join(head),
        "\t".join(map(str, head.values())),
        "Frame#\tTime\t" + "\t".join(f"{label}\t\t" for label in labels),
        f"\t\t{axes}{blank}",
    ]
    for frame, row in enumerate(positions):
        cells = ["" if np.isnan(x) else number.format(x) for x in row.ravel()]
        lines.append("\t".join([str(frame + 1), number.format(frame / fps), *cells]))
    return (end.join(lines) + end).encode()
