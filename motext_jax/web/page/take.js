// A whole take: its body on a stage, and the time line below.

import { asks, parseSpan, question, seconds, spanOf, within } from "./address.js";
import { sureness } from "./answers.js";
import { byId, complain, element, plain } from "./elements.js";
import * as library from "./library.js";
import { Moving, isStill, offFrame, onFrame } from "./moving.js";
import { TimeLine } from "./timeline.js";

// A long take comes in pieces of about so many seconds.
const PIECE_SECONDS = 60;

export class TakeView {
  // change: (changes, isNew) changes the page's state.
  constructor(change) {
    this.change = change;
    this.take = null;
    this.opened = 0;
    this.look = { turn: 0, tilt: 10, zoom: 1, colours: true, floor: true, dots: 1 };
    this.line = new TimeLine(byId("line"), byId("curve"), {
      seek: (at) => this.seek(at),
      choose: (span, at) => this.choose(span, at),
      search: () => this.searchBySpan(),
    });
    this.frame = (passed) => this.advance(passed);
    this.listen();
  }

  // Shows the state's take; the same take is not loaded again.
  async show(state) {
    this.state = state;
    byId("speed").value = String(state.speed);
    for (const name of ["colours", "floor", "flipped"]) byId(name).checked = state[name];
    Object.assign(this.look, { turn: state.turn, tilt: state.tilt, zoom: state.zoom, colours: state.colours, floor: state.floor });
    const key = `${state.flipped} ${state.take}`;
    if (this.key !== key) await this.open(state, key);
    if (this.key !== key || !this.take) return;
    this.at = within(state.at, 0, this.take.seconds);
    this.load();
    this.useSpan(parseSpan(`x@${state.span}`));
    this.line.set({ at: this.at });
    this.stage.draw();
    await this.compare();
  }

  async open(state, key) {
    this.close();
    this.key = key;
    const ticket = ++this.opened;
    byId("take-name").textContent = plain(state.take);
    byId("take-about").textContent = "Loading…";
    byId("whole").hidden = false;
    let take;
    try {
      take = await library.take(state.take);
    } catch (error) {
      if (ticket !== this.opened) return;
      complain(error.message);
      // No frame stands empty.
      byId("take-about").textContent = "";
      byId("whole").hidden = true;
      return;
    }
    if (ticket !== this.opened) return;
    this.take = take;
    this.playing = !isStill();
    byId("play").textContent = this.playing ? "Pause" : "Play";
    byId("take-about").textContent = `${take.seconds.toFixed(1)} s, ${Math.round(take.fps * 100) / 100} frames a second, ${plain(take.skeleton)}`;
    byId("stage").setAttribute("aria-label", `A moving skeleton: ${plain(take.file)}`);
    byId("take-captions").replaceChildren(...take.captions.map((caption) => element("li", {}, element("bdi", { textContent: plain(caption) }))));
    byId("captions-part").hidden = !take.captions.length;
    this.line.reset(take.seconds);
    this.pieces = Math.max(Math.round(take.seconds / PIECE_SECONDS), 1);
    this.stage = new Moving(byId("stage"), this.look, (body) => this.at - body.start);
    this.stage.size();
    onFrame(this.frame);
  }

  close() {
    offFrame(this.frame);
    this.stage?.end();
    this.stage = this.take = this.key = this.compared = this.piece = null;
    byId("places-part").hidden = true;
  }

  // Brings the piece that the moment is in, and then the one after it.
  load() {
    const { take, pieces, stage } = this;
    const piece = Math.min(Math.floor((this.at / take.seconds) * pieces), pieces - 1);
    if (piece === this.piece) return;
    this.piece = piece;
    const spanOfPiece = (number) => spanOf(take.file, (number * take.seconds) / pieces, ((number + 1) * take.seconds) / pieces);
    library.poses(spanOfPiece(piece), this.state.flipped).then(
      (body) => {
        if (this.stage !== stage || this.piece !== piece) return;
        // One camera for all pieces.
        this.facing ??= new Map();
        const known = this.facing.get(this.key);
        if (known === undefined) this.facing.set(this.key, [body.facing, body.height]);
        else [body.facing, body.height] = known;
        stage.show(body);
        if (piece + 1 < pieces) library.poses(spanOfPiece(piece + 1), this.state.flipped).catch(() => {});
      },
      (error) => this.stage === stage && complain(error.message));
  }

  // The curve of the page's query over this take.
  async compare() {
    const asked = asks(this.state) ? question(this.state).toString() : "";
    const key = `${asked} ${this.state.flipped} ${this.state.take}`;
    if (this.compared === key) return;
    this.compared = key;
    let curve = null;
    try {
      if (asked) curve = await library.curve(this.state.take, asked, this.state.flipped);
    } catch (error) {
      complain(error.message);
    }
    if (this.compared !== key) return;
    byId("line-name").textContent = curve ? "Time line, with the similarity to the query" : "Time line";
    byId("places-part").hidden = !curve;
    byId("no-place").hidden = Boolean(curve?.places.length);
    byId("places").replaceChildren(...(curve?.places ?? []).map((place) => {
      const line = sureness(place);
      line.prepend(`${seconds(place.start, place.end)} · `);
      const go = () => this.choose([place.start, place.end], place.start);
      return element("li", {}, element("button", { type: "button", textContent: line.textContent, onclick: go }));
    }));
    this.line.set({ curve });
  }

  advance(passed) {
    if (!this.take || byId("take").hidden) return false;
    if (this.playing) {
      const [first, last] = this.span ?? [0, this.take.seconds];
      this.at += passed * this.state.speed;
      if (this.at >= last) this.at = first;
      this.load();
      this.line.set({ at: this.at });
    }
    return this.playing;
  }

  play(wish) {
    this.playing = wish;
    byId("play").textContent = wish ? "Pause" : "Play";
    if (wish) onFrame(this.frame);
    else this.change({ at: this.at });
  }

  seek(at) {
    if (!this.take) return;
    // Outside of the span it would jump back at once.
    if (this.span && (at < this.span[0] || at > this.span[1])) this.useSpan(null);
    this.at = within(at, 0, this.take.seconds);
    this.load();
    this.line.set({ at: this.at });
    this.stage.draw();
    this.keep();
  }

  choose(span, at) {
    if (!this.take) return;
    this.useSpan(span && { start: span[0], end: span[1] });
    this.at = at ?? (span ? span[0] : this.at);
    this.load();
    this.line.set({ at: this.at });
    this.stage.draw();
    this.keep();
  }

  keep() {
    this.change({ at: this.at, span: this.span ? spanOf("", ...this.span).slice(1) : "" });
  }

  useSpan(span) {
    this.span = span ? [within(span.start, 0, this.take.seconds), within(span.end, 0, this.take.seconds)] : null;
    if (this.span && this.span[1] - this.span[0] < 0.05) this.span = null;
    this.line.set({ span: this.span });
    byId("from").max = byId("to").max = this.take.seconds;
    byId("from").value = this.span ? this.span[0].toFixed(1) : "";
    byId("to").value = this.span ? this.span[1].toFixed(1) : "";
    byId("by-span").disabled = byId("pick-span").disabled = !this.span;
  }

  searchBySpan() {
    if (this.span) this.change({ like: spanOf(this.take.file, ...this.span, this.state.flipped) }, "search");
  }

  turnBy(turn, tilt) {
    const { look } = this;
    look.turn = (look.turn + turn) % 360;
    look.tilt = within(look.tilt + tilt, -20, 89);
    this.stage?.draw();
    this.change({ turn: look.turn, tilt: look.tilt });
  }

  zoomBy(factor) {
    this.look.zoom = within(this.look.zoom * factor, 0.3, 6);
    this.stage?.draw();
    this.change({ zoom: this.look.zoom });
  }

  listen() {
    const stage = byId("stage");
    let held = null;
    stage.addEventListener("pointerdown", (event) => {
      stage.setPointerCapture(event.pointerId);
      held = [event.clientX, event.clientY];
    });
    stage.addEventListener("pointermove", (event) => {
      if (!held) return;
      this.turnBy((held[0] - event.clientX) * 0.5, (event.clientY - held[1]) * 0.3);
      held = [event.clientX, event.clientY];
    });
    for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => (held = null));
    stage.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoomBy(Math.exp(-event.deltaY * 0.001));
    }, { passive: false });
    const keys = {
      ArrowLeft: () => this.turnBy(-10, 0), ArrowRight: () => this.turnBy(10, 0),
      ArrowUp: () => this.turnBy(0, 5), ArrowDown: () => this.turnBy(0, -5),
      "+": () => this.zoomBy(1.15), "=": () => this.zoomBy(1.15), "-": () => this.zoomBy(1 / 1.15),
      0: () => this.change({ turn: 0, tilt: 10, zoom: 1 }, "look"),
      " ": () => this.play(!this.playing),
    };
    stage.addEventListener("keydown", (event) => {
      if (!(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      keys[event.key]();
    });
    byId("play").addEventListener("click", () => this.play(!this.playing));
    byId("speed").addEventListener("change", (event) => this.change({ speed: Number(event.target.value) }, "look"));
    for (const name of ["colours", "floor", "flipped"]) {
      byId(name).addEventListener("change", (event) => this.change({ [name]: event.target.checked, at: this.at }, "look"));
    }
    for (const name of ["from", "to"]) byId(name).addEventListener("change", () => this.readSpan());
    byId("by-span").addEventListener("click", () => this.searchBySpan());
  }

  readSpan() {
    const [from, to] = ["from", "to"].map((name) => Number(byId(name).value));
    if (byId("from").value === "" || byId("to").value === "") return;
    if (to - from < 0.1) complain("A span ends at least 0.1 s after it begins.");
    else {
      complain("");
      this.choose([from, to]);
    }
  }
}
