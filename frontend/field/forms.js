// What the forms share: a draft that survives everything, two-answer questions, saving.
import { boot, h, say, t } from "./dom.js";
import { phone, refreshQueue, tell } from "./phone.js";
import { keepDraft, readDraft, saveWork } from "./store.js";
import { soon } from "./sync.js";

const newId = () => crypto.randomUUID();

export async function openDraft(key, fresh) {
  const draft = { id: newId(), visitId: newId(), findingId: newId(), files: [], here: phone.here, ...fresh, ...(await readDraft(key)) };
  return { draft, changed: () => keepDraft(key, draft) };
}

export function choice(legend, options, chosen, choose, classes = "") {
  const buttons = options.map(([value, words]) =>
    h("button", { class: "bh-pill", type: "button", "aria-pressed": String(value === chosen), onclick: () => pick(value) }, words));
  function pick(value) {
    options.forEach(([other], n) => buttons[n].setAttribute("aria-pressed", String(other === value)));
    choose(value);
  }
  const group = h("div", { class: `bh-ask ${classes}`, role: "group", "aria-label": legend }, h("span", { class: "bh-ask-words" }, legend), h("span", { class: "bh-pills" }, buttons));
  group.pick = pick;
  return group;
}

export function textField(id, label, value, changed, { rows = 0, optional = false, example = "", most = 1000 } = {}) {
  const control = h(rows ? "textarea" : "input", { id, rows: rows || null, maxlength: most, placeholder: example || null, value: value ?? "", oninput: () => changed(control.value) });
  return h("div", { class: "bh-field" },
    h("label", { for: id }, label, optional ? h("span", { class: "bh-hint" }, t("optional")) : null), control);
}

export function faultLine() {
  const line = h("p", { class: "bh-fault", role: "alert", hidden: true });
  line.tell = (words) => {
    line.textContent = words;
    line.hidden = false;
    line.scrollIntoView({ block: "center" });
  };
  return line;
}

// Saving ends when the database has it, and only then the phone says so.
export async function save(key, draft, { name, payload, title, icon, subject }, fault) {
  const where = draft.here ? { longitude: draft.here.longitude, latitude: draft.here.latitude } : {};
  const entry = {
    id: draft.id, name, title, icon, subject, draftKey: key, draft,
    payload: { ...payload, ...where, claimed_at: draft.takenAt ?? new Date().toISOString() },
    files: draft.files, state: "saved", savedAt: Date.now(), replaces: draft.replaces ?? null,
  };
  try {
    await saveWork(entry, key);
  } catch (error) {
    fault.tell(t("not_saved", { why: error.name }));
    return false;
  }
  await refreshQueue();
  phone.justSaved = entry.id;
  say(t("saved"));
  tell();
  soon(boot.sendDelay ?? 0);
  return true;
}

export const digests = (draft, kind) => draft.files.filter((file) => file.kind === kind).map((file) => file.digest);
