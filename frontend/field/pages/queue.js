// The queue: every unsent thing and why, what was received under which number, what waits for a person.
import { boot, clockOf, dotted, glyph, h, icon, receivedMark, savedMark, t } from "../dom.js";
import { phone, received, refreshQueue, tell, unsent } from "../phone.js";
import { changeEntry, dropEntry, keepDraft } from "../store.js";
import { soon, sync } from "../sync.js";

export function queuePage() {
  const waiting = unsent();
  const done = received();
  return {
    title: t("queue"),
    right: phone.comparedAt ? t("checked_at", { time: clockOf(phone.comparedAt) }) : phone.room ? t("room", { n: phone.room }) : "",
    tab: "queue",
    live: true,
    body: [
      waiting.length ? null : allSent(done.length),
      h("ul", { class: "bh-list bh-flush" }, waiting.map(waitingRow), done.map(doneRow)),
      waiting.some((entry) => entry.state === "saved") ? h("button", { class: "bh-btn", type: "button", id: "send-now", onclick: () => sync() }, icon("send"), t("send_now")) : null,
    ],
  };
}

function allSent(some) {
  return h("section", { class: "bh-all-sent" }, glyph("received", 48), h("b", {}, some ? t("all_sent") : t("nothing_sent")), h("span", { class: "bh-2" }, t("may_leave")));
}

const filesWords = (entry) => {
  const count = (kind) => (entry.draft?.files ?? entry.files).filter((file) => file.kind === kind).length;
  return [count("photo") && t("files", { n: count("photo") }), count("voice") && t("voices", { n: count("voice") })].filter(Boolean).join(boot.chinese ? "、" : ", ");
};

function row(entry, under, mark, extra = null, done = false) {
  return h("li", { class: "bh-entry", "data-entry": entry.id },
    h("div", { class: `bh-task${done ? " bh-task-done" : ""}` },
      h("span", { class: "bh-task-icon" }, icon(done ? "check" : entry.state === "conflict" ? "git-compare" : entry.icon, 28)),
      h("span", { class: "bh-grow" }, h("span", { class: "bh-task-title" }, entry.title), h("span", { class: "bh-task-under" }, under)), mark),
    extra);
}

function waitingRow(entry) {
  if (entry.state === "conflict" || entry.state === "refused") return heldRow(entry);
  const moving = phone.progress[entry.id];
  const parts = [clockOf(entry.savedAt), filesWords(entry), !moving && phone.net !== "ok" && t("why_waiting")];
  const under = dotted(...parts);
  if (!moving) return row(entry, under, savedMark());
  const bar = h("progress", { max: moving.whole, value: moving.done, "aria-label": t("sending", { n: moving.done, m: moving.whole }) });
  return row(entry, under, savedMark(t("sending", { n: moving.done, m: moving.whole })), h("div", { class: "bh-entry-more" }, bar));
}

function heldRow(entry) {
  const clash = entry.state === "conflict";
  const sure = h("div", { class: "bh-stack-8", hidden: true }, h("p", {}, t("drop_sure")),
    h("div", { class: "bh-row" },
      h("button", { class: "bh-btn bh-btn-danger", type: "button", onclick: () => drop(entry) }, t("drop_yes")),
      h("button", { class: "bh-btn", type: "button", onclick: () => (sure.hidden = true) }, t("keep"))));
  const more = h("div", { class: "bh-entry-more bh-stack-8" },
    h("p", {}, h("b", {}, t("clash")), " ", entry.words),
    clash ? h("p", {}, h("b", {}, t("yours")), " ", mine(entry)) : null,
    h("div", { class: "bh-row" },
      mayChange(entry) ? h("button", { class: "bh-btn", type: "button", onclick: () => change(entry) }, t("change")) : null,
      h("button", { class: "bh-btn", type: "button", onclick: () => retry(entry) }, t("send_again")),
      h("button", { class: "bh-btn bh-btn-link", type: "button", onclick: () => (sure.hidden = false) }, t("drop"))),
    sure);
  const item = row(entry, clockOf(entry.savedAt), savedMark(clash ? t("waits_for_you") : t("refused")), more);
  item.classList.add("bh-held");
  return item;
}

// A look at a matter that has gone from the list cannot be written anew, only sent again or dropped.
const mayChange = ({ draft, name, payload }) =>
  draft && (name !== "cases.verify" || phone.today?.verify.some((matter) => matter.id === payload.case_id));

const mine = ({ payload }) => [payload.cleared && t(payload.cleared), payload.text].filter(Boolean).join(" · ");

function doneRow(entry) {
  const matter = phone.today?.mine.find((one) => one.made_id && one.made_id === entry.payload.finding_id);
  const number = matter ? [matter.number, matter.state] : [t("number", { n: entry.number })];
  const under = dotted(t("sent_at", { time: clockOf(entry.receivedAt) }), ...number);
  return row(entry, under, receivedMark(), null, true);
}

// Changed work goes under a new id: what the centre refused under the old one stays refused.
async function change(entry) {
  await keepDraft(entry.draftKey, { ...entry.draft, id: crypto.randomUUID(), replaces: entry.id });
  location.hash = entry.subject === "elsewhere" ? "#/report" : `#/${entry.subject}`;
}

async function retry(entry) {
  await changeEntry(entry.id, { state: "saved", words: null });
  await refreshQueue();
  tell();
  soon();
}

async function drop(entry) {
  await dropEntry(entry.id);
  await refreshQueue();
  tell();
}
