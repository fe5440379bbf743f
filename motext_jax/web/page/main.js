// The page: the address says what is shown, and what is done changes the address.

import * as address from "./address.js";
import * as answers from "./answers.js";
import { byId, complain, duration, element, many, note, plain, say } from "./elements.js";
import * as library from "./library.js";
import { holdStill, isStill } from "./moving.js";
import { TakeView } from "./take.js";

const WRITE_MILLISECONDS = 250;
const PATIENCE_MILLISECONDS = 250;
const AGAIN_MILLISECONDS = 2000;

let state = address.read(location.search);
let limits = { answers: 96, few: 24, spans: 100 };
let found = { key: null, asked: null, answers: [] };
let shownFields = null;
let stopSearch = new AbortController();
let writing = 0;
let leftAt = 0;

const fields = [...byId("search").elements].filter((field) => field.name);
const takeView = new TakeView(changeTake);

// Goes to another state: a new entry of the history, or the same one changed.
function go(changes, isNew = true) {
  // The way back leads to the moment that was left.
  if (takeView.take) change({ at: takeView.at });
  flush();
  state = { ...state, ...changes };
  if (isNew) history.pushState(null, "", address.write(state));
  else flush(true);
  return show();
}

// Browsers allow few changes of the address a second, and a mouse makes many.
function change(changes) {
  state = { ...state, ...changes };
  clearTimeout(writing);
  writing = setTimeout(flush, WRITE_MILLISECONDS, true);
}

function flush(always = false) {
  if (writing || always) history.replaceState(null, "", address.write(state));
  clearTimeout(writing);
  writing = 0;
}

function changeTake(changes, kind) {
  if (kind === "search") go({ ...address.NO_QUESTION, ...changes, ...address.CLOSED });
  else if (kind === "look") go(changes, false);
  else change(changes);
  takeView.state = state;
}

async function show() {
  complain("");
  showFields();
  showLike();
  showSelection();
  const open = state.take !== "";
  const wasOpen = !byId("take").hidden;
  if (open && !wasOpen) leftAt = scrollY;
  byId("take").hidden = !open;
  byId("found").hidden = open;
  byId("examples").hidden = open || address.asks(state);
  document.title = title();
  byId("back").textContent = address.asks(state) ? "Back to the answers" : "Back to the takes";
  if (open) {
    stopSearch.abort();
    say("");
    const same = wasOpen && takeView.state?.take === state.take;
    takeView.show(state);
    if (!same) {
      scrollTo(0, byId("take").offsetTop);
      byId("take-name").focus({ preventScroll: true });
    }
  } else {
    const last = takeView.state;
    takeView.close();
    takeView.state = null;
    await showAnswers();
    if (wasOpen && last && found.key === keyOfSearch()) {
      scrollTo(0, leftAt);
      const span = `${last.take}@${last.span}${last.flipped ? "m" : ""}`;
      answers.focus(Math.max(answers.rankOf(span), 0));
    }
  }
}

const keyOfSearch = () => `${address.question(state)} ${state.top}`;

async function showAnswers() {
  const key = keyOfSearch();
  if (found.key === key) return tell();
  stopSearch.abort();
  stopSearch = new AbortController();
  const { signal } = stopSearch;
  byId("found").setAttribute("aria-busy", "true");
  const waiting = setTimeout(say, PATIENCE_MILLISECONDS, "Searching…");
  try {
    const ask = address.asks(state) ? library.search : library.browse;
    const result = await ask(address.question(state), Math.min(state.top, limits.answers), signal);
    const asked = String(address.question(state));
    // More answers of the same question stand behind those that are there.
    if (asked !== found.asked) answers.clear();
    found = { key, asked, ...result };
    answers.show(found.answers, does);
    answers.mark(state.picked);
    byId("found-bar").hidden = !found.answers.length;
    byId("more").hidden = found.answers.length < state.top || state.top >= limits.answers;
    tell();
  } catch (error) {
    if (signal.aborted) return;
    found = { key: null, asked: null, answers: [] };
    answers.clear();
    byId("found-bar").hidden = byId("more").hidden = true;
    say("");
    note([]);
    complain(error.message);
  } finally {
    clearTimeout(waiting);
    if (!signal.aborted) byId("found").removeAttribute("aria-busy");
  }
}

function tell() {
  const count = found.answers.length;
  if (!count) say("Nothing is found. Use other words, or fewer filters.");
  else if (!address.asks(state)) say(count < found.all ? `The first ${count} of ${many(found.all, "take", "takes")}` : many(count, "take", "takes"));
  else say(`${many(count, "place", "places")} in ${Math.max(Math.round(1000 * found.took), 1)} ms, the best first: ${found.answers[0].file}`);
  note(found.notes ?? []);
}

const does = {
  open: (answer) => go({ take: answer.file, at: answer.start, span: address.spanOf("", answer.start, answer.end).slice(1), flipped: answer.mirrored }),
  like: (answer) => {
    go({ ...address.NO_QUESTION, like: answers.keyOf(answer) });
    scrollTo(0, 0);
    byId("unlike").focus();
  },
  pick: (answer, wish) => pick(answers.keyOf(answer), wish),
};

function pick(span, wish) {
  const picked = state.picked.filter((other) => other !== span);
  if (wish) picked.push(span);
  const full = picked.length > limits.spans && `The selection is full; ${many(state.picked.length, "span is", "spans are")} selected.`;
  const long = !address.fits({ ...state, picked }) && "The page's address, which holds the selection, would be too long; ask with fewer words, or select fewer spans.";
  if (wish && (full || long)) {
    complain(full || long);
    answers.mark(state.picked);
  } else go({ picked }, false);
}

// What is typed and not yet asked stays, unless another search is shown.
function showFields() {
  const asked = String(address.question(state));
  if (asked === shownFields) return;
  shownFields = asked;
  for (const field of fields) {
    if (field.type === "checkbox") field.checked = state[field.name];
    else if (field.value !== String(state[field.name])) field.value = state[field.name];
  }
}

function showLike() {
  const like = address.parseSpan(state.like);
  byId("like").hidden = !like;
  byId("balance-field").hidden = !state.text.trim();
  if (like) byId("like-name").textContent = `${plain(like.file)}, ${address.seconds(like.start, like.end)}${like.mirrored ? ", mirrored" : ""}`;
  const set = ["name", "captions", "without", "longer", "shorter"].filter((name) => state[name] !== "").length;
  byId("filters-set").textContent = set ? ` (${set} set)` : "";
}

function showSelection() {
  byId("selection").hidden = !state.picked.length;
  byId("selected").textContent = `${many(state.picked.length, "span", "spans")} selected`;
  answers.mark(state.picked);
}

function title() {
  const asked = [state.text.trim(), state.like && "by example"].filter(Boolean).join(", ");
  return plain([state.take, asked, "Find a motion"].filter(Boolean).join(" – "));
}

function submit() {
  const changes = { ...address.CLOSED, top: limits.few };
  for (const field of fields) changes[field.name] = field.type === "checkbox" ? field.checked : field.type === "range" ? Number(field.value) : field.value;
  const next = { ...state, ...changes };
  if (address.write(next) === address.write(state)) {
    // Asked again after an error.
    if (found.key === null) show();
    return;
  }
  go(changes);
}

async function exportSelection() {
  const button = byId("export");
  button.disabled = true;
  complain("");
  say("Exporting…");
  try {
    const spans = state.picked.map(address.parseSpan);
    const file = URL.createObjectURL(await library.exported(spans, byId("format").value));
    element("a", { href: file, download: "motions.zip" }).click();
    setTimeout(() => URL.revokeObjectURL(file), 60000);
    say(`${many(spans.length, "motion is", "motions are")} in motions.zip.`);
  } catch (error) {
    say("");
    complain(error.message);
  } finally {
    button.disabled = false;
  }
}

function listen() {
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  for (const field of fields) {
    if (field.id !== "text") field.addEventListener("change", submit);
  }
  byId("unlike").addEventListener("click", () => {
    go({ like: "" });
    byId("text").focus();
  });
  byId("clear-filters").addEventListener("click", () => go({ name: "", captions: "", without: "", longer: "", shorter: "" }));
  byId("more").addEventListener("click", () => {
    const before = found.answers.length;
    go({ top: Math.min(state.top + limits.few, limits.answers) }).then(() => answers.focus(before));
  });
  byId("still").addEventListener("click", () => showStill(!isStill()));
  byId("back").addEventListener("click", () => go(address.CLOSED));
  byId("export").addEventListener("click", exportSelection);
  byId("deselect").addEventListener("click", () => {
    go({ picked: [] }, false);
    byId("text").focus();
  });
  byId("pick-span").addEventListener("click", () => pick(address.spanOf(state.take, ...takeView.span, state.flipped), true));
  addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), select");
    if (event.key === "/" && !typing) {
      event.preventDefault();
      byId("text").focus();
      byId("text").select();
    } else if (event.key === "Escape" && state.take && !typing) go(address.CLOSED);
  });
  addEventListener("popstate", () => {
    clearTimeout(writing);
    writing = 0;
    state = address.read(location.search);
    show();
  });
}

function showStill(wish) {
  holdStill(wish);
  byId("still").setAttribute("aria-pressed", String(wish));
}

// Examples are null while the server searches for them: then they are asked for again.
function showExamples(examples) {
  if (!examples) {
    setTimeout(() => library.about().then((about) => showExamples(about.examples), () => {}), AGAIN_MILLISECONDS);
    return;
  }
  if (examples.length) byId("text").placeholder = plain(examples[0]);
  byId("examples").replaceChildren(...examples.map((text) =>
    element("button", { type: "button", textContent: plain(text), onclick: () => { go({ ...address.CLOSED, text, top: limits.few }); byId("text").focus(); } })));
}

async function begin() {
  history.scrollRestoration = "manual";
  listen();
  showStill(isStill());
  show();
  try {
    const about = await library.about();
    limits = about.limits;
    byId("size").textContent = `in ${many(about.takes, "take", "takes")}, ${duration(about.seconds)}`;
    for (const field of fields) if (["text", "search"].includes(field.type)) field.maxLength = limits.letters;
    byId("format").replaceChildren(...Object.entries(about.formats).map(([value, textContent]) => element("option", { value, textContent })));
    showExamples(about.examples);
  } catch (error) {
    complain(error.message);
  }
}

begin();
