// The one clock of the page: every canvas that is seen is drawn at each of the screen's frames.

import { draw } from "./body.js";

const SHARPEST = 2;

const drawn = new Set();
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let still = calm.matches;
let asked = 0;
let last = 0;

// A canvas with a body that moves while it is seen.
export class Moving {
  // look: as `draw` takes it; moment: gives the seconds from the body's first frame, of the clock.
  constructor(canvas, look, moment) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.look = look;
    this.moment = moment;
    this.body = null;
    // Not yet known where nothing has been laid out.
    this.seen = false;
    this.sized = new ResizeObserver(() => this.size());
    this.sized.observe(canvas);
    this.watched = new IntersectionObserver((entries) => this.appear(entries.at(-1).isIntersecting));
    this.watched.observe(canvas);
  }

  size() {
    const dots = Math.min(devicePixelRatio || 1, SHARPEST);
    this.canvas.width = Math.max(Math.round(this.canvas.clientWidth * dots), 1);
    this.canvas.height = Math.max(Math.round(this.canvas.clientHeight * dots), 1);
    this.look.dots = dots;
    this.draw();
  }

  appear(seen) {
    this.seen = seen;
    if (seen) drawn.add(this);
    else drawn.delete(this);
    tick();
  }

  show(body) {
    this.body = body;
    this.draw();
    tick();
  }

  draw() {
    if (this.body) draw(this.context, this.body, this.moment(this.body), this.look);
  }

  end() {
    this.sized.disconnect();
    this.watched.disconnect();
    drawn.delete(this);
  }
}

// Seconds of the clock, which stands while everything is held still.
let clock = 0;
export const now = () => clock;

export const isStill = () => still;

export function holdStill(wish) {
  still = wish;
  tick();
}

// Called with the seconds that have passed, before each frame; an open take moves on by it.
const listeners = new Set();
export const onFrame = (listener) => {
  listeners.add(listener);
  tick();
};
export const offFrame = (listener) => listeners.delete(listener);

function tick() {
  if (!asked) asked = requestAnimationFrame(frame);
}

function frame(time) {
  asked = 0;
  // A hidden page has no frames; it goes on where it was.
  const passed = Math.min((time - last) / 1000, 0.1);
  last = time;
  if (!still) clock += passed;
  let wanted = false;
  for (const listener of listeners) wanted = listener(passed) || wanted;
  for (const moving of drawn) moving.draw();
  if (wanted || (drawn.size && !still)) tick();
}
