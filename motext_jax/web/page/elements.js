// Elements of the page; every text from data goes in as a text, never as markup.

export const byId = (id) => document.getElementById(id);

export function element(kind, properties = {}, ...children) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Control characters and marks that turn the direction of a line are left out, so that no name
// reads as another.
export const plain = (text) => text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");

export function say(sentence) {
  byId("status").textContent = plain(sentence);
}

export function complain(sentence) {
  byId("error").textContent = plain(sentence);
  byId("error").hidden = !sentence;
}

// Sentences that a reader must be told of the answers.
export function note(sentences) {
  byId("notes").replaceChildren(...sentences.map((sentence) => element("p", { textContent: plain(capital(sentence)) })));
}

export const capital = (sentence) => sentence[0].toUpperCase() + sentence.slice(1);

export const many = (count, one, more) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

/** A duration in the two largest units: "2 h 5 min", "3 min 20 s", "12 s". */
export const duration = (seconds) => {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours) return `${hours.toLocaleString("en")} h ${minutes} min`;
  return minutes ? `${minutes} min ${rest} s` : `${rest} s`;
};
