// A visit: the firm and its code, two things to look at, and what was seen, by photo, voice or words.
import { codeBadge, dayOf, dotted, h, t } from "../dom.js";
import { photoField, voiceButton } from "../files.js";
import { choice, digests, faultLine, openDraft, save, textField } from "../forms.js";
import { locateIfAllowed, phone } from "../phone.js";

export async function visitPage(firmId) {
  const firm = firmId ? phone.today?.firms.find((one) => one.id === firmId) : null;
  if (firmId && !firm) return { title: t("visit"), back: "#/", body: [h("p", { class: "bh-sheet" }, t("gone"))] };
  locateIfAllowed();
  const key = `visit/${firmId ?? "elsewhere"}`;
  const { draft, changed } = await openDraft(key, { kind: "hazard", domain: "fire", answers: {}, text: "", place: "", major: false });
  const fault = faultLine();
  const set = (name) => (value) => {
    draft[name] = value;
    return changed();
  };
  const details = h("div", { class: "bh-sheet bh-stack" }, ...detailFields(draft, set));
  const kind = choice(t("kind_of_visit"), [["hazard", t("hazard")], ["well", t("all_well")]], draft.kind, (value) => {
    details.hidden = value === "well";
    set("kind")(value);
  }, "bh-ask-bare");
  details.hidden = draft.kind === "well";

  async function store(event) {
    event.preventDefault();
    const work = firm && draft.kind === "well" ? wellWork(draft, firm) : findingWork(draft, firm);
    if (!work) return fault.tell(t("say_something"));
    if (await save(key, draft, work, fault)) location.hash = "#/";
  }

  return {
    title: firm ? t("visit") : t("elsewhere"),
    back: "#/",
    saves: true,
    body: [
      fault,
      h("form", { class: "bh-stack", id: "visit", onsubmit: store, novalidate: true },
        firm ? firmSheet(firm, draft, set, () => kind.pick("hazard")) : null,
        firm ? kind : null, photoField(draft, changed), details,
        h("p", { class: "bh-small bh-2" }, t("advises"))),
    ],
    bottom: [voiceButton(draft, changed), h("button", { class: "bh-btn bh-btn-primary bh-btn-tall", form: "visit" }, firm ? t("save_visit") : t("save_report"))],
  };
}

function firmSheet(firm, draft, set, sawSomething) {
  const visited = firm.visited_at ? t("last", { day: dayOf(firm.visited_at) }) : t("never");
  return h("section", { class: "bh-sheet bh-stack-8" },
    h("div", { class: "bh-row-nowrap bh-between" }, h("h2", { class: "bh-firm" }, firm.name), codeBadge(firm)),
    h("p", { class: "bh-small bh-2" }, dotted(firm.address, visited)), h("hr"),
    h("h3", { class: "bh-ask-title" }, t("look_at")),
    firm.looks.map((look, n) =>
      choice(look.question, [["good", look.good], ["bad", look.bad]], draft.answers[n], (value) => {
        draft.answers[n] = value;
        set("answers")(draft.answers);
        if (value === "bad") sawSomething();
      })));
}

function detailFields(draft, set) {
  const domains = phone.today?.domains ?? [];
  const select = h("select", { id: "domain", onchange: () => set("domain")(select.value) },
    domains.map(([code, title]) => h("option", { value: code, selected: code === draft.domain }, title)));
  const major = h("input", { type: "checkbox", id: "major", onchange: () => set("major")(major.checked) });
  major.checked = draft.major;
  return [
    textField("text", t("saw"), draft.text, set("text"), { rows: 2, example: t("saw_example") }),
    h("div", { class: "bh-field" }, h("label", { for: "domain" }, t("about")), select),
    textField("place", t("where"), draft.place, set("place"), { optional: true, most: 120 }),
    h("label", { class: "bh-check" }, major, ` ${t("major")}`),
  ];
}

const noteOf = (draft, firm) =>
  (firm?.looks ?? []).map((look, n) => (draft.answers[n] ? `${look.question} ${look[draft.answers[n]]}` : "")).filter(Boolean).join("；");

const subjectOf = (firm) => (firm ? `firm/${firm.id}` : "elsewhere");
const base = (draft, firm) => ({
  visit_id: draft.visitId, area_code: firm?.area ?? phone.today?.area.code, organisation: firm?.id ?? null, note: noteOf(draft, firm),
});

function wellWork(draft, firm) {
  draft.files = [];
  return { name: "industrial_grid.record_visit", payload: base(draft, firm), title: `${firm.name} ${t("visit")}`, icon: "building-factory-2", subject: subjectOf(firm) };
}

function findingWork(draft, firm) {
  const voices = digests(draft, "voice");
  if (!draft.text.trim() && !voices.length) return null;
  const payload = {
    ...base(draft, firm), finding_id: draft.findingId, domain: draft.domain, text: draft.text.trim(),
    place: draft.place.trim(), looks_major: draft.major, photos: digests(draft, "photo"), voices,
  };
  return { name: "industrial_grid.report_finding", payload, title: draft.text.trim() || t("voice", { n: draft.files.find((f) => f.kind === "voice").seconds }), icon: "flame", subject: subjectOf(firm) };
}
