// A body that moves: its poses, and how they are drawn.

const FOLLOW_SECONDS = 0.6;

export class Body {
  // As motext_jax/web/packed.py lays it out.
  static read(buffer, flipped) {
    const length = new DataView(buffer).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    const steps = new DataView(buffer, 4 + length);
    const { frames, joints } = head;
    const width = 3 * joints;
    const millimetres = new Int16Array(frames * width);
    for (let i = 0; i < millimetres.length; i++) {
      // Assigning wraps around, as the differences do.
      millimetres[i] = (i < width ? 0 : millimetres[i - width]) + steps.getInt16(2 * i, true);
    }
    return new Body(head, millimetres, flipped);
  }

  constructor(head, millimetres, flipped) {
    const { frames, joints, fps, start, parents, sides } = head;
    const other = { left: "right", right: "left" };
    this.start = start;
    this.fps = fps;
    this.frames = frames;
    this.joints = joints;
    this.seconds = Math.max(frames - 1, 1) / fps;
    this.positions = Float32Array.from(millimetres, (value) => value / 1000);
    if (flipped) for (let i = 0; i < this.positions.length; i += 3) this.positions[i] *= -1;
    this.sides = sides.map((side) => (flipped && other[side]) || side);
    this.parts = ["left", "trunk", "right"].map((side) => ({ side, bones: [], depth: 0 }));
    parents.forEach((parent, joint) => {
      if (parent < 0) return;
      const side = this.sides[joint] in other ? this.sides[joint] : "trunk";
      this.parts.find((part) => part.side === side).bones.push([joint, parent]);
    });
    this.root = Math.max(parents.indexOf(-1), 0);
    this.head = this.highest(parents);
    this.pose = new Float32Array(3 * joints);
    this.measure();
    this.path = this.smoothPath();
    this.facing = this.firstFacing();
  }

  // The end of the trunk that is highest.
  highest(parents) {
    let best = -1;
    let height = -Infinity;
    for (let joint = 0; joint < this.joints; joint++) {
      if (parents.includes(joint) || this.sides[joint] === "left" || this.sides[joint] === "right") continue;
      const y = this.positions[3 * joint + 1];
      if (y > height) [best, height] = [joint, y];
    }
    return best;
  }

  measure() {
    let [lowest, tallest] = [Infinity, -Infinity];
    for (let i = 1; i < this.positions.length; i += 3) {
      lowest = Math.min(lowest, this.positions[i]);
      tallest = Math.max(tallest, this.positions[i]);
    }
    // Feet sink a little into a floor that was found from them.
    this.ground = lowest > -0.25 ? 0 : lowest;
    this.height = Math.max(tallest - this.ground, 1.2);
  }

  // The way over the floor, without the sway of single steps: [x, z, x, z, ...].
  smoothPath() {
    const reach = Math.round((FOLLOW_SECONDS * this.fps) / 2);
    const path = new Float32Array(2 * this.frames);
    for (let frame = 0; frame < this.frames; frame++) {
      const first = Math.max(frame - reach, 0);
      const last = Math.min(frame + reach, this.frames - 1);
      for (let near = first; near <= last; near++) {
        const at = 3 * (near * this.joints + this.root);
        path[2 * frame] += this.positions[at] / (last - first + 1);
        path[2 * frame + 1] += this.positions[at + 2] / (last - first + 1);
      }
    }
    return path;
  }

  // The angle about the vertical, from +z to +x, that the first pose faces.
  firstFacing() {
    const sums = { left: [0, 0, 0], right: [0, 0, 0] };
    this.sides.forEach((side, joint) => {
      if (!(side in sums)) return;
      sums[side][0] += this.positions[3 * joint];
      sums[side][1] += this.positions[3 * joint + 2];
      sums[side][2] += 1;
    });
    if (!sums.left[2] || !sums.right[2]) return 0;
    const x = sums.left[0] / sums.left[2] - sums.right[0] / sums.right[2];
    const z = sums.left[1] / sums.left[2] - sums.right[1] / sums.right[2];
    return Math.atan2(-z, x);
  }

  // Fills `pose`, and the place `x`, `z` that the camera follows, for a moment in seconds from the
  // first frame.
  at(moment) {
    const place = Math.min(Math.max(moment * this.fps, 0), this.frames - 1);
    const frame = Math.min(Math.floor(place), Math.max(this.frames - 2, 0));
    const next = Math.min(frame + 1, this.frames - 1);
    const share = place - frame;
    const width = 3 * this.joints;
    for (let i = 0; i < width; i++) {
      const before = this.positions[frame * width + i];
      this.pose[i] = before + share * (this.positions[next * width + i] - before);
    }
    const { path } = this;
    this.x = path[2 * frame] + share * (path[2 * next] - path[2 * frame]);
    this.z = path[2 * frame + 1] + share * (path[2 * next + 1] - path[2 * frame + 1]);
  }
}

// The page's colours, read anew where light turns to dark.
const inks = {};
function readInks() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["left", "right", "trunk", "ink", "soft", "line", "grid", "accent", "band", "paper"]) {
    inks[name] = style.getPropertyValue(`--${name}`).trim();
  }
}
export function colours() {
  if (!inks.ink) readInks();
  return inks;
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", readInks);

const HALF_TURN = Math.PI / 180;

// Draws a body at a moment.
// look: turn and tilt in degrees from a view of 35° to the body's left; zoom; colours; floor.
export function draw(context, body, moment, look) {
  const { width, height } = context.canvas;
  const ink = colours();
  body.at(moment);
  const { pose, x: x0, z: z0 } = body;
  const angle = body.facing + (35 + look.turn) * HALF_TURN;
  const tilt = look.tilt * HALF_TURN;
  const scale = (look.zoom * 0.8 * Math.min(height, width)) / body.height;
  const [sinA, cosA, sinT, cosT] = [Math.sin(angle), Math.cos(angle), Math.sin(tilt), Math.cos(tilt)];
  const middle = body.ground + body.height / 2;
  const across = (x, z) => width / 2 + scale * ((x - x0) * cosA - (z - z0) * sinA);
  const down = (x, y, z) => height * 0.5 - scale * ((y - middle) * cosT - sinT * ((x - x0) * sinA + (z - z0) * cosA));

  context.clearRect(0, 0, width, height);
  context.lineCap = "round";
  if (look.floor) drawFloor(context, body, x0, z0, across, down, ink.grid, look.dots);

  // A near limb hides a far one.
  for (const part of body.parts) {
    let sum = 0;
    for (const [joint] of part.bones) sum += (pose[3 * joint] - x0) * sinA + (pose[3 * joint + 2] - z0) * cosA;
    part.depth = sum / Math.max(part.bones.length, 1);
  }
  body.parts.sort((one, two) => one.depth - two.depth);
  context.lineWidth = Math.max(scale * 0.035, 2 * look.dots);
  for (const { side, bones } of body.parts) {
    context.strokeStyle = look.colours ? ink[side] : ink.trunk;
    context.beginPath();
    for (const [joint, parent] of bones) {
      const [a, b] = [3 * joint, 3 * parent];
      context.moveTo(across(pose[a], pose[a + 2]), down(pose[a], pose[a + 1], pose[a + 2]));
      context.lineTo(across(pose[b], pose[b + 2]), down(pose[b], pose[b + 1], pose[b + 2]));
    }
    context.stroke();
  }
  if (body.head >= 0) {
    const at = 3 * body.head;
    context.fillStyle = ink.trunk;
    context.beginPath();
    context.arc(across(pose[at], pose[at + 2]), down(pose[at], pose[at + 1], pose[at + 2]), scale * 0.075, 0, 2 * Math.PI);
    context.fill();
  }
}

// Lines of the floor every half metre, within a circle around the body.
function drawFloor(context, body, x0, z0, across, down, ink, dots) {
  const radius = 0.95 * body.height;
  context.strokeStyle = ink;
  context.lineWidth = dots;
  context.beginPath();
  for (let line = Math.ceil((x0 - radius) * 2) / 2; line < x0 + radius; line += 0.5) {
    const reach = Math.sqrt(radius ** 2 - (line - x0) ** 2);
    context.moveTo(across(line, z0 - reach), down(line, body.ground, z0 - reach));
    context.lineTo(across(line, z0 + reach), down(line, body.ground, z0 + reach));
  }
  for (let line = Math.ceil((z0 - radius) * 2) / 2; line < z0 + radius; line += 0.5) {
    const reach = Math.sqrt(radius ** 2 - (line - z0) ** 2);
    context.moveTo(across(x0 - reach, line), down(x0 - reach, body.ground, line));
    context.lineTo(across(x0 + reach, line), down(x0 + reach, body.ground, line));
  }
  context.stroke();
}
