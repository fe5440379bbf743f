// The time line of a take: the curve of similarity, the moment, a span, by mouse and by keys.

import { within } from "./address.js";
import { colours } from "./body.js";

const LEFT = 8;
const TOP = 8;
const BELOW = 20;
const DRAGGED = 4;
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const LABEL = 64;

export class TimeLine {
  // does: seek(seconds), choose(span or null), search().
  constructor(line, canvas, does) {
    this.line = line;
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.does = does;
    this.reset(1);
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => requestAnimationFrame(() => this.draw()));
    line.addEventListener("pointerdown", (event) => this.press(event));
    line.addEventListener("pointermove", (event) => this.drag(event));
    line.addEventListener("pointerup", () => this.release());
    line.addEventListener("pointercancel", () => (this.from = null));
    line.addEventListener("keydown", (event) => this.key(event));
  }

  reset(length) {
    this.length = length;
    this.at = 0;
    this.span = null;
    this.curve = null;
    this.from = null;
    this.moved = false;
  }

  set(changes) {
    Object.assign(this, changes);
    const { line } = this;
    line.setAttribute("aria-valuemin", "0");
    line.setAttribute("aria-valuemax", this.length.toFixed(1));
    line.setAttribute("aria-valuenow", this.at.toFixed(1));
    const span = this.span ? `, span from ${this.span[0].toFixed(1)} to ${this.span[1].toFixed(1)}` : "";
    const text = `${this.at.toFixed(1)} of ${this.length.toFixed(1)} seconds${span}`;
    if (line.getAttribute("aria-valuetext") !== text) line.setAttribute("aria-valuetext", text);
    this.draw();
  }

  across(seconds) {
    return LEFT + ((this.canvas.clientWidth - 2 * LEFT) * seconds) / this.length;
  }

  secondsAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (box.width - 2 * LEFT);
    return within(share, 0, 1) * this.length;
  }

  press(event) {
    if (event.button) return;
    this.line.setPointerCapture(event.pointerId);
    this.from = this.secondsAt(event);
    this.pressed = event.clientX;
    this.moved = false;
  }

  drag(event) {
    if (this.from === null) return;
    if (!this.moved && Math.abs(event.clientX - this.pressed) < DRAGGED) return;
    this.moved = true;
    const to = this.secondsAt(event);
    this.set({ span: [Math.min(this.from, to), Math.max(this.from, to)] });
  }

  release() {
    if (this.from === null) return;
    if (this.moved && this.span[1] - this.span[0] >= 0.1) this.does.choose(this.span);
    else this.does.seek(this.from);
    this.from = null;
  }

  key(event) {
    const steps = { ArrowLeft: -0.1, ArrowRight: 0.1, ArrowDown: -0.1, ArrowUp: 0.1, PageDown: -1, PageUp: 1 };
    const ends = { Home: 0, End: this.length };
    if (event.key === "Enter" && this.span) this.does.search();
    else if (event.key in steps || event.key in ends) {
      const to = within(ends[event.key] ?? this.at + steps[event.key], 0, this.length);
      if (event.shiftKey) {
        // The end of the span that is where we are moves along.
        const far = this.span && Math.abs(this.span[0] - this.at) < 1e-6 ? this.span[1] : this.span && Math.abs(this.span[1] - this.at) < 1e-6 ? this.span[0] : this.at;
        this.does.choose(Math.abs(far - to) < 1e-6 ? null : [Math.min(far, to), Math.max(far, to)], to);
      } else this.does.seek(to);
    } else return;
    event.preventDefault();
  }

  draw() {
    const { canvas, context } = this;
    const dots = Math.min(devicePixelRatio || 1, 2);
    const [wide, high] = [canvas.clientWidth, canvas.clientHeight];
    if (!wide) return;
    if (canvas.width !== Math.round(wide * dots) || canvas.height !== Math.round(high * dots)) {
      canvas.width = Math.round(wide * dots);
      canvas.height = Math.round(high * dots);
    }
    const ink = colours();
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.clearRect(0, 0, wide, high);
    const bottom = high - BELOW;
    if (this.span) {
      context.fillStyle = ink.band;
      context.fillRect(this.across(this.span[0]), 0, this.across(this.span[1]) - this.across(this.span[0]), bottom);
      context.fillStyle = ink.accent;
      for (const end of this.span) context.fillRect(this.across(end) - 1, 0, 2, bottom);
    }
    this.drawTicks(ink, bottom, wide);
    if (this.curve) this.drawCurve(ink, bottom);
    context.fillStyle = ink.ink;
    context.fillRect(this.across(this.at) - 1, 0, 2, bottom + 4);
  }

  drawTicks(ink, bottom, wide) {
    const { context } = this;
    const most = Math.max(wide / LABEL, 1);
    const step = STEPS.find((size) => this.length / size <= most) ?? STEPS.at(-1);
    context.font = "12px system-ui, sans-serif";
    context.strokeStyle = ink.line;
    context.fillStyle = ink.soft;
    context.lineWidth = 1;
    context.beginPath();
    for (let tick = 0; tick * step <= this.length + 1e-6; tick++) {
      const x = Math.round(this.across(tick * step)) + 0.5;
      context.moveTo(x, 0);
      context.lineTo(x, bottom);
      const text = clock(tick * step, step);
      const room = context.measureText(text).width;
      context.fillText(text, within(x - room / 2, 0, wide - room), bottom + 15);
    }
    context.stroke();
  }

  drawCurve(ink, bottom) {
    const { context, curve } = this;
    const [least, most] = [Math.min(0, ...curve.scores), Math.max(0.2, ...curve.scores)];
    const down = (score) => bottom - 2 - ((bottom - TOP - 2) * (score - least)) / (most - least);
    context.fillStyle = ink.accent;
    context.globalAlpha = 0.45;
    for (const place of curve.places) {
      context.fillRect(this.across(place.start), bottom - 6, this.across(place.end) - this.across(place.start), 6);
    }
    context.globalAlpha = 1;
    context.strokeStyle = ink.accent;
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.beginPath();
    curve.seconds.forEach((second, k) => context.lineTo(this.across(second), down(curve.scores[k])));
    context.stroke();
    context.fillStyle = ink.soft;
    context.fillText(`score ${most.toFixed(2)}`, LEFT + 4, TOP + 6);
  }
}

function clock(seconds, step) {
  if (step < 1) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
}
