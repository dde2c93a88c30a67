// Making elements, saying words, times and distances. Text is always text, never markup.
export const boot = JSON.parse(document.getElementById("boot").textContent);

export const t = (key, values = {}) =>
  (boot.words[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
function used(name, classes) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", classes);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${boot.sprite}#${name}`);
  svg.append(use);
  return svg;
}
export const icon = (name, size = 20) => used(name, `bh-icon${size === 20 ? "" : ` bh-icon-${size}`}`);
export const glyph = (name, size = 22) => used(name, `bh-glyph bh-glyph-${size}`);

export function say(words) {
  const region = document.getElementById("live");
  if (region && region.textContent !== words) region.textContent = words;
}

// -- the two words --------------------------------------------------------------------------------

export const savedMark = (words = t("saved")) => h("span", { class: "bh-sync" }, glyph("saved"), words);
export const receivedMark = (words = t("received")) =>
  h("span", { class: "bh-sync bh-sync-received" }, glyph("received"), words);

// Parts of a line, each of which stays whole.
export const dotted = (...parts) =>
  parts.filter(Boolean).flatMap((part, n) => [n ? " · " : "", h("span", { class: "bh-nb" }, part)]);

// -- time and place -------------------------------------------------------------------------------

const ZONE = { timeZone: "Asia/Shanghai" };
const LANGUAGE = boot.chinese ? "zh-CN" : "en-GB";
export const clockOf = (at) =>
  new Date(at).toLocaleTimeString(LANGUAGE, { ...ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
export const dayOf = (at) => new Date(at).toLocaleDateString(LANGUAGE, { ...ZONE, month: "long", day: "numeric" });
export const longDay = (at) =>
  new Date(at).toLocaleDateString(LANGUAGE, { ...ZONE, month: "long", day: "numeric", weekday: "short" });
const dateKey = (at) => new Date(at).toLocaleDateString("en-CA", ZONE);
export const isToday = (at) => Boolean(at) && dateKey(at) === dateKey(Date.now());

export function metresBetween(here, there) {
  if (!here || there.latitude === null || there.latitude === undefined) return null;
  const rad = Math.PI / 180;
  const x = (there.longitude - here.longitude) * rad * Math.cos(here.latitude * rad);
  const y = (there.latitude - here.latitude) * rad;
  return Math.hypot(x, y) * 6371000;
}

export function distanceWords(metres) {
  if (metres === null) return null;
  if (metres < 1000) return t("metres", { n: Math.max(10, Math.round(metres / 10) * 10) });
  return t("kilometres", { n: (metres / 1000).toFixed(1) });
}

const SHARES = { green: 0.75, yellow: 0.4, orange: 0.12 };
function pie(share) {
  const angle = 2 * Math.PI * share;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "bh-glyph");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const ring = document.createElementNS(SVG, "circle");
  for (const [name, value] of [["cx", 8], ["cy", 8], ["r", 7], ["class", "bh-pie-line"]]) ring.setAttribute(name, value);
  const part = document.createElementNS(SVG, "path");
  part.setAttribute("class", "bh-pie-fill");
  const end = `${(8 + 5 * Math.sin(angle)).toFixed(2)} ${(8 - 5 * Math.cos(angle)).toFixed(2)}`;
  part.setAttribute("d", `M8 8V3A5 5 0 ${share > 0.5 ? 1 : 0} 1 ${end}z`);
  svg.append(ring, part);
  return svg;
}

function spanWords(kind, minutes) {
  if (minutes >= 2 * 1440) return t(`${kind}_days`, { n: Math.floor(minutes / 1440) });
  if (minutes >= 60) return t(`${kind}_hours`, { n: Math.floor(minutes / 60) });
  return t(`${kind}_minutes`, { n: Math.max(1, Math.floor(minutes)) });
}

// The colour changes on the phone too, by the moments that the centre computed.
export function deadline(matter, now = Date.now()) {
  if (!matter.due_at) return null;
  const left = (new Date(matter.due_at) - now) / 60000;
  let band = "green";
  if (matter.paused) band = "paused";
  else if (left <= 0) band = "red";
  else if (matter.orange_at && now >= new Date(matter.orange_at)) band = "orange";
  else if (matter.yellow_at && now >= new Date(matter.yellow_at)) band = "yellow";
  const face = SHARES[band] ? pie(SHARES[band]) : band === "red" ? glyph("overdue", 16) : icon("player-pause");
  const words = band === "paused" ? t("paused") : spanWords(left > 0 ? "due" : "late", Math.abs(left));
  return h("span", { class: `bh-badge bh-badge-${band}` }, face, words);
}

export function codeBadge(firm) {
  if (!firm.colour) return h("span", { class: "bh-code bh-code-22 bh-2" }, glyph("code-none"), t("no_code"));
  return h("span", { class: "bh-code bh-code-22" }, glyph(`code-${firm.colour}`), t(firm.colour));
}
