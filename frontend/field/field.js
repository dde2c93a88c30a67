// The field app: which page is open, what stands around it, and when it is drawn again.
import { boot, glyph, h, icon, say, t } from "./dom.js";
import { mePage } from "./pages/me.js";
import { queuePage } from "./pages/queue.js";
import { scanPage } from "./pages/scan.js";
import { todayPage } from "./pages/today.js";
import { verifyPage } from "./pages/verify.js";
import { visitPage } from "./pages/visit.js";
import { hear, locateIfAllowed, phone, received, unsent, wake } from "./phone.js";
import { roomLeft, tidy } from "./store.js";
import { soon, sync } from "./sync.js";
import "./field.css";

const ROUTES = [
  [/^#\/firm\/([\w-]+)$/, visitPage],
  [/^#\/report$/, () => visitPage(null)],
  [/^#\/verify\/(\d+)$/, verifyPage],
  [/^#\/queue$/, queuePage],
  [/^#\/scan$/, scanPage],
  [/^#\/me$/, mePage],
  [/^/, todayPage],
];

const NAME = document.title.split(" · ").pop();
const root = document.getElementById("field");
const header = root.querySelector("header");
const main = root.querySelector("main");
const strip = h("div", { id: "strip", role: "status" });
const counts = h("div", { class: "bh-counts", id: "counts" });
const bottom = h("nav", { class: "bh-bottom", "aria-label": t("main") });
header.after(strip, counts);
main.after(bottom);

let page = {};

async function open() {
  await page.leave?.();
  const hash = location.hash || "#/";
  const [pattern, make] = ROUTES.find(([one]) => one.test(hash));
  page = phone.account === null ? signedOut() : await make(...(pattern.exec(hash).slice(1)));
  page.make = make;
  draw();
  window.scrollTo(0, 0);
  header.querySelector("h1").focus({ preventScroll: true });
}

function draw() {
  document.title = `${page.title} · ${NAME}`;
  drawHeader();
  drawAround();
  main.replaceChildren(...[page.body].flat().filter(Boolean));
  root.dataset.page = location.hash || "#/";
}

function drawHeader() {
  const title = h("h1", { class: "bh-bar-title", tabindex: "-1" }, page.title);
  if (page.back) {
    header.replaceChildren(h("a", { class: "bh-back", href: page.back, "aria-label": t("back") }, icon("chevron-left", 24)), title,
      page.saves ? h("span", { class: "bh-right bh-sync bh-sync-small" }, glyph("saved"), t("first_saved")) : "");
    return;
  }
  const under = page.under ? h("p", { class: "bh-task-under" }, page.under) : "";
  const right = page.right ? h("span", { class: "bh-right bh-small bh-2" }, page.right) : "";
  const me = h("a", { class: "bh-back bh-right", href: "#/me", "aria-label": t("me") }, icon("user", 24));
  header.replaceChildren(h("div", { class: "bh-grow" }, title, under), right, page.tab === "queue" ? "" : me);
}

// The two counts are always visible on the pages from which one starts.
function drawAround() {
  const waiting = unsent().length;
  counts.hidden = Boolean(page.back) || phone.account === null;
  counts.replaceChildren(
    h("span", { class: `bh-sync${waiting ? "" : " bh-2"}`, id: "count-saved" }, glyph("saved", 24), `${t("saved")} ${waiting}`),
    h("span", { class: "bh-sync bh-sync-received", id: "count-received" }, glyph("received", 24), `${t("received")} ${received().length}`));
  drawStrip();
  if (page.bottom) bottom.replaceChildren(h("div", { class: "bh-bottom-in" }, page.bottom));
  else bottom.replaceChildren(phone.account === null ? "" : tabs(waiting));
}

const STRIPS = { none: ["wifi-off", "none"], sign_in: ["login", "sign_in"], post: ["hand-stop", "post"], old: ["refresh", "old"] };
function drawStrip() {
  const known = phone.account === null ? null : STRIPS[phone.net];
  strip.className = known ? "bh-strip" : "";
  const words = known ? t(known[1]) : "";
  if (strip.dataset.words === words) return;
  strip.dataset.words = words;
  if (!known) return strip.replaceChildren();
  const more = phone.net === "sign_in" ? h("a", { href: boot.addresses.sign_in }, t("to_sign_in"))
    : phone.net === "old" ? h("button", { class: "bh-strip-do", type: "button", onclick: update }, t("reload")) : "";
  strip.replaceChildren(icon(known[0], 24), h("span", { class: "bh-grow" }, words), more);
}

function tabs(waiting) {
  const tab = (name, href, glyphName, words) =>
    h("a", { href, "aria-current": page.tab === name ? "page" : null }, icon(glyphName, 28), words);
  return h("div", { class: "bh-fieldbar" }, tab("today", "#/", "list-check", t("today")),
    h("a", { class: "bh-scan", href: "#/scan" }, icon("scan", 28), t("scan")), tab("queue", "#/queue", "stack-2", `${t("queue")} ${waiting}`));
}

function signedOut() {
  return {
    title: t("signed_out"), body: [h("section", { class: "bh-sheet bh-stack" }, h("p", {}, t("signed_out_hint")),
      h("a", { class: "bh-btn bh-btn-primary", href: boot.addresses.sign_in }, t("to_sign_in")))],
  };
}

async function update() {
  const registration = await navigator.serviceWorker?.getRegistration("/field/");
  await registration?.update().catch(() => {});
  location.reload();
}

let drawing = false;
async function redraw() {
  if (drawing) return;
  drawing = true;
  await Promise.resolve();
  drawing = false;
  if (page.title === t("signed_out") ? phone.account !== null : phone.account === null) return open();
  if (page.live) {
    page = Object.assign(await page.make(), { make: page.make });
    draw();
  } else drawAround();
}

async function begin() {
  hear(redraw);
  window.addEventListener("hashchange", open);
  window.addEventListener("online", () => soon());
  window.addEventListener("offline", () => {
    phone.net = "none";
    redraw();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
  await wake();
  await open();
  if (phone.account !== null) await tidy();
  phone.room = await roomLeft();
  navigator.storage?.persist?.();
  locateIfAllowed().then(redraw);
  await sync();
  say("");
}

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js", { scope: "/field/" });
begin();
