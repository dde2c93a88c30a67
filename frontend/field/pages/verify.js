// Verifying on the spot: what was found, what they say was done, and whether it is so.
import { deadline, dotted, h, t } from "../dom.js";
import { photoField } from "../files.js";
import { choice, digests, faultLine, openDraft, save, textField } from "../forms.js";
import { locateIfAllowed, phone } from "../phone.js";
import { readThumb } from "../store.js";

export async function verifyPage(id) {
  const matter = phone.today?.verify.find((one) => String(one.id) === id);
  if (!matter) return { title: t("verify"), back: "#/", body: [h("p", { class: "bh-sheet" }, t("gone"))] };
  locateIfAllowed();
  const key = `verify/${id}`;
  const { draft, changed } = await openDraft(key, { cleared: null, text: "" });
  const fault = faultLine();
  const words = textField("text", t("why_not"), draft.text, (value) => {
    draft.text = value;
    changed();
  }, { rows: 2 });
  words.hidden = draft.cleared !== "no";
  const cleared = choice(t("cleared"), [["yes", t("yes")], ["no", t("no")]], draft.cleared, (value) => {
    draft.cleared = value;
    words.hidden = value !== "no";
    changed();
  }, "bh-ask-big");

  async function store(event) {
    event.preventDefault();
    if (!draft.cleared) return fault.tell(t("choose"));
    const text = draft.cleared === "no" ? draft.text.trim() : "";
    if (draft.cleared === "no" && !text) return fault.tell(t("why_not"));
    const payload = { visit_id: draft.visitId, case_id: matter.id, cleared: draft.cleared, text, photos: digests(draft, "photo") };
    const work = { name: "cases.verify", payload, title: matter.title, icon: "eye-check", subject: `verify/${matter.id}` };
    if (await save(key, draft, work, fault)) location.hash = "#/";
  }

  return {
    title: t("verify"),
    back: "#/",
    saves: true,
    body: [
      fault,
      h("section", { class: "bh-sheet bh-stack-8" },
        h("div", { class: "bh-row bh-between" }, h("h2", { class: "bh-firm" }, matter.title), deadline(matter)),
        h("p", { class: "bh-small bh-2" }, dotted(matter.firm, matter.place, matter.number)), h("hr"),
        h("div", { class: "bh-pair" }, await side(t("found"), matter.before, t("before")), await side(t("said_done"), matter.after, t("after"))),
        h("p", {}, matter.answer || t("no_words"))),
      h("form", { class: "bh-stack", id: "verify", onsubmit: store, novalidate: true },
        h("section", { class: "bh-sheet bh-stack" }, cleared, words, photoField(draft, changed)),
        h("p", { class: "bh-small bh-2" }, t("on_the_spot"))),
    ],
    bottom: [h("button", { class: "bh-btn bh-btn-primary bh-btn-tall", form: "verify" }, t("save_check"))],
  };
}

async function side(title, ids, alt) {
  const pictures = await Promise.all(ids.slice(-1).map(async (id) => {
    const blob = await readThumb(id);
    return blob ? h("img", { class: "bh-picture", alt, src: URL.createObjectURL(blob) }) : null;
  }));
  const shown = pictures.filter(Boolean);
  return h("figure", { class: "bh-figure" }, shown.length ? shown : h("span", { class: "bh-picture bh-picture-none" }, t("no_picture")), h("figcaption", {}, title));
}
