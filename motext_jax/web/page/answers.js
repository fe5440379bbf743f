// The answers: a card with a moving body for each.

import { seconds, spanOf } from "./address.js";
import { byId, element, plain } from "./elements.js";
import * as library from "./library.js";
import { Moving, now } from "./moving.js";

// A breath between the end and the beginning.
const PAUSE_SECONDS = 0.4;

let cards = [];

export function clear() {
  for (const card of cards) card.moving.end();
  cards = [];
  byId("answers").replaceChildren();
}

// Shows answers; those that stand there already stay as they are.
// does: open(answer), like(answer), pick(answer, wish).
export function show(answers, does) {
  const wanted = answers.map((answer) => keyOf(answer));
  if (!cards.every((card, rank) => card.key === wanted[rank])) clear();
  for (const [rank, answer] of answers.entries()) {
    if (rank >= cards.length) add(answer, rank, does);
  }
}

export function mark(picked) {
  for (const card of cards) {
    const chosen = picked.includes(card.key);
    card.box.checked = chosen;
    card.item.classList.toggle("picked", chosen);
  }
}

export function focus(rank) {
  cards[rank]?.open.focus();
}

export const rankOf = (span) => cards.findIndex((card) => card.key === span);

export const keyOf = (answer) => spanOf(answer.file, answer.start, answer.end, answer.mirrored);

function add(answer, rank, does) {
  const name = plain(answer.file);
  const when = seconds(answer.start, answer.end);
  const canvas = element("canvas", { role: "img", "aria-label": `A moving skeleton: ${name}, ${when}`, onclick: () => does.open(answer) });
  const parts = answer.parts.length ? answer.parts : [[answer.start, answer.end]];
  const track = element("div", { class: "track", "aria-hidden": "true" }, ...parts.map(([start, end]) => {
    const place = element("i");
    place.style.left = `${(100 * start) / answer.of}%`;
    place.style.width = `${(100 * (end - start)) / answer.of}%`;
    return place;
  }));
  const open = element("button", { class: "open", type: "button", onclick: () => does.open(answer) }, element("bdi", { textContent: name }));
  open.setAttribute("aria-label", `Open ${name}, ${when}`);
  const box = element("input", { type: "checkbox", onchange: () => does.pick(answer, box.checked) });
  box.setAttribute("aria-label", `Select ${name}, ${when}`);
  const like = element("button", { type: "button", textContent: "More like this", onclick: () => does.like(answer) });
  like.setAttribute("aria-label", `More like this: ${name}, ${when}`);
  const item = element("li", { class: "answer" },
    canvas, track,
    element("div", { class: "body" },
      open,
      element("p", { class: "when", textContent: `${parts.map(([start, end]) => seconds(start, end)).join(", then ")} of ${answer.of.toFixed(1)} s${answer.mirrored ? ", as its mirror image" : ""}` }),
      ...(answer.score === null ? [] : [sureness(answer)]),
      ...answer.captions.slice(0, 1).map((caption) => element("p", { class: "caption" }, element("bdi", { textContent: plain(caption) }))),
      element("div", { class: "tools" }, element("label", { class: "switch" }, box, "Select"), like)));
  const looped = (body) => {
    const moment = now() % (body.seconds + PAUSE_SECONDS);
    return Math.min(moment, body.seconds);
  };
  const moving = new Moving(canvas, { turn: 0, tilt: 10, zoom: 1, colours: true, floor: true, dots: 1 }, looped);
  cards.push({ key: keyOf(answer), item, open, box, moving });
  byId("answers").append(item);
  library.poses(spanOf(answer.file, answer.start, answer.end), answer.mirrored).then(
    (body) => moving.show(body),
    (error) => {
      // Other answers may still be there: the reason stands in its card.
      canvas.replaceWith(element("p", { class: "error", textContent: plain(error.message) }));
      moving.end();
    });
}

export function sureness(answer) {
  const line = element("p", { class: "sure" });
  if (answer.word) {
    line.append(element("span", { class: `word ${answer.word}`, textContent: answer.word }), " · ");
  }
  line.append(element("span", { textContent: `score ${answer.score.toFixed(2)}` }));
  return line;
}
