// The state of the page, and the address that holds all of it.

export const SPEEDS = [0.25, 0.5, 1, 2];

// Everything that the address may hold, with what it is where the address is silent.
const START = {
  text: "", like: "", without: "", balance: 0.5, name: "", captions: "", longer: "", shorter: "",
  mirrored: false, top: 24,
  take: "", flipped: false, at: 0, span: "", speed: 1, colours: true, floor: true,
  turn: 0, tilt: 10, zoom: 1,
};

// The command's flags, of which some say more in the page's own words.
const FLAGS = { text: "query", without: "not" };
const flag = (name) => FLAGS[name] ?? name;

const SEARCH = ["text", "like", "without", "balance", "name", "captions", "longer", "shorter", "mirrored", "top"];

const MOST_LETTERS = 8000;

export function read(address) {
  const given = new URLSearchParams(address);
  const state = { picked: given.getAll("pick").filter(parseSpan) };
  for (const [name, start] of Object.entries(START)) {
    const written = given.get(flag(name));
    if (written === null) state[name] = start;
    else if (typeof start === "boolean") state[name] = written === "1";
    else if (typeof start === "number") state[name] = Number.isFinite(Number(written)) ? Number(written) : start;
    else state[name] = written;
  }
  state.tilt = within(state.tilt, -20, 89);
  state.zoom = within(state.zoom, 0.3, 6);
  if (!SPEEDS.includes(state.speed)) state.speed = 1;
  return state;
}

export function write(state) {
  const given = new URLSearchParams();
  for (const [name, start] of Object.entries(START)) {
    const value = state[name];
    if (value === start) continue;
    if (typeof start === "boolean") given.set(flag(name), value ? "1" : "0");
    else given.set(flag(name), typeof value === "number" ? String(Math.round(value * 1000) / 1000) : value);
  }
  for (const span of state.picked) given.append("pick", span);
  const written = given.toString();
  return written ? `?${written}` : location.pathname;
}

export const fits = (state) => write(state).length <= MOST_LETTERS;

// The part that is a question to the library, as the server reads it.
export function question(state) {
  const given = new URLSearchParams();
  for (const name of SEARCH) {
    if (name === "top" || state[name] === START[name] || state[name] === "") continue;
    given.set(flag(name), state[name] === true ? "1" : String(state[name]));
  }
  return given;
}

export const asks = (state) => state.text.trim() !== "" || state.like !== "";

const starts = (...names) => Object.fromEntries(names.map((name) => [name, START[name]]));

// Nothing is asked; filters stay.
export const NO_QUESTION = starts("text", "like", "balance", "top");

// No take is open.
export const CLOSED = starts("take", "flipped", "at", "span", "turn", "tilt", "zoom");

// FILE@1.5-3.0, with an m at the end for its mirror image.
export function parseSpan(written) {
  const found = /^(.+)@(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(m?)$/s.exec(written);
  if (!found || Number(found[3]) <= Number(found[2])) return null;
  return { file: found[1], start: Number(found[2]), end: Number(found[3]), mirrored: found[4] === "m" };
}

export const spanOf = (file, start, end, mirrored = false) =>
  `${file}@${digits(start)}-${digits(end)}${mirrored ? "m" : ""}`;

export const seconds = (start, end) => `${start.toFixed(1)}–${end.toFixed(1)} s`;

export const within = (value, least, most) => Math.min(Math.max(value, least), most);

const digits = (value) => String(Math.round(value * 1000) / 1000);
