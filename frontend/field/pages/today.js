// Today: matters to verify by deadline, then firms, those longest not visited first.
import { clockOf, codeBadge, dayOf, deadline, distanceWords, h, icon, isToday, longDay, metresBetween, receivedMark, savedMark, t } from "../dom.js";
import { phone, unsent } from "../phone.js";

const dot = (...parts) => parts.filter(Boolean).join(" · ");

export function todayPage() {
  const { today } = phone;
  if (!today) {
    return { title: t("today"), tab: "today", live: true, body: [h("p", { class: "bh-sheet" }, t("nothing_yet"))] };
  }
  const checks = today.verify.map((matter) => ({ matter, work: workOn("verify", String(matter.id)) }));
  const firms = today.firms.map((firm) => ({ firm, work: workOn("firm", firm.id) }));
  const isDone = ({ firm, work }) => Boolean(work) || isToday(firm.visited_at);
  const open = [...checks.filter(({ work }) => !work).map(checkRow), ...sorted(firms.filter((one) => !isDone(one))).map(firmRow)];
  const done = [...checks.filter(({ work }) => work).map(checkRow), ...firms.filter(isDone).map(firmRow)];
  return {
    title: today.area.name || t("today"),
    under: dot(longDay(Date.now()), t("left_today", { n: open.length })),
    tab: "today",
    live: true,
    body: [
      h("ul", { class: "bh-list bh-flush" }, open, open.length ? null : h("li", { class: "bh-empty" }, t("nothing_today")), done,
        today.may_patrol ? elsewhereRow() : null),
      h("p", { class: "bh-small bh-3" }, t("list_as_of", { time: dot(isToday(today.at) ? null : dayOf(today.at), clockOf(today.at)) })),
    ],
  };
}

// What was done here today, whether the centre has it or not.
function workOn(kind, key) {
  return phone.queue.find((entry) => entry.subject === `${kind}/${key}` && isToday(entry.savedAt));
}

function sorted(rows) {
  const visited = ({ firm }) => (firm.visited_at ? new Date(firm.visited_at).getTime() : 0);
  return rows.sort((a, b) => visited(a) - visited(b) || far(a.firm) - far(b.firm));
}
const far = (firm) => metresBetween(phone.here, firm) ?? 0;

function row(href, glyphName, title, under, mark, done = false) {
  return h("li", {}, h("a", { class: `bh-task${done ? " bh-task-done" : ""}`, href },
    h("span", { class: "bh-task-icon" }, icon(done ? "check" : glyphName, 28)),
    h("span", { class: "bh-grow" }, h("span", { class: "bh-task-title" }, title), h("span", { class: "bh-task-under" }, under)), mark));
}

const workMark = (work) => (work.state === "received" ? receivedMark() : savedMark());

function checkRow({ matter, work }) {
  const under = dot(t("verify"), distanceWords(metresBetween(phone.here, matter)), matter.firm || matter.place);
  const mark = work ? workMark(work) : deadline(matter);
  return row(`#/verify/${matter.id}`, "eye-check", matter.title, under, mark, Boolean(work));
}

function firmRow({ firm, work }) {
  const visited = work ? clockOf(work.savedAt) : firm.visited_at ? t("last", { day: isToday(firm.visited_at) ? clockOf(firm.visited_at) : dayOf(firm.visited_at) }) : t("never");
  const under = dot(t("visit"), distanceWords(metresBetween(phone.here, firm)), visited);
  const done = Boolean(work) || isToday(firm.visited_at);
  const mark = work ? workMark(work) : done ? receivedMark() : firm.colour ? codeBadge(firm) : null;
  return row(`#/firm/${firm.id}`, "building-factory-2", firm.name, under, mark, done);
}

const elsewhereRow = () => row("#/report", "camera", t("elsewhere"), t("elsewhere_hint"), null);

export const leftOver = () => unsent().length;
