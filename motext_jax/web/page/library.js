// The library behind the page, asked over HTTP.

import { Body } from "./body.js";
import { capital } from "./elements.js";

const KEPT = 200;
const bodies = new Map();

export class Refused extends Error {}

async function asked(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("The server does not answer; is the command still running?");
  }
  if (answer.ok) return answer;
  let sentence = `The server answers with status ${answer.status}.`;
  try {
    sentence = (await answer.json()).error;
  } catch {
    // A busy server answers without a sentence.
    if (answer.status === 503) sentence = "The server is busy; ask again.";
  }
  throw new Refused(capital(sentence));
}

export const about = async () => (await asked("api/library")).json();

export const take = async (file) => (await asked(`api/take?${new URLSearchParams({ file })}`)).json();

export async function search(question, top, signal) {
  const given = new URLSearchParams(question);
  given.set("top", top);
  return (await asked(`api/search?${given}`, { signal })).json();
}

// Takes without a question, by name.
export async function browse(question, top, signal) {
  const given = new URLSearchParams(question);
  for (const name of ["not", "balance", "mirrored"]) given.delete(name);
  given.set("top", top);
  return (await asked(`api/takes?${given}`, { signal })).json();
}

export async function curve(file, question, flipped) {
  const given = new URLSearchParams(question);
  given.set("file", file);
  if (flipped) given.set("flipped", "1");
  return (await asked(`api/curve?${given}`)).json();
}

// The poses of a span; the newest are kept.
export async function poses(span, flipped) {
  const key = `${flipped} ${span}`;
  if (!bodies.has(key)) {
    if (bodies.size >= KEPT) bodies.delete(bodies.keys().next().value);
    const found = asked(`api/poses?${new URLSearchParams({ span })}`)
      .then((answer) => answer.arrayBuffer())
      .then((buffer) => Body.read(buffer, flipped));
    found.catch(() => bodies.delete(key));
    bodies.set(key, found);
  }
  return bodies.get(key);
}

export async function exported(spans, format) {
  const answer = await asked("api/export", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ format, spans }),
  });
  return answer.blob();
}
