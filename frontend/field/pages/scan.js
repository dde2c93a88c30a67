// Scanning a firm's code; typing or choosing does the same. The scanner is loaded only here.
import { codeBadge, h, icon, say, t } from "../dom.js";
import { phone } from "../phone.js";

const SHOWN = 30;

export function scanPage() {
  const firms = phone.today?.firms ?? [];
  const list = h("ul", { class: "bh-list bh-flush bh-flush-low" });
  const told = h("p", { class: "bh-small bh-2", role: "status" }, t("scan_hint"));
  const view = h("div", { id: "camera", class: "bh-camera", hidden: true });
  const input = h("input", { id: "find", type: "search", autocomplete: "off", oninput: show });
  let scanner = null;

  function found() {
    const words = input.value.trim().toLowerCase();
    return firms.filter((firm) => firm.name.toLowerCase().includes(words) || firm.uscc.toLowerCase().startsWith(words));
  }
  function show() {
    const rows = found().slice(0, SHOWN).map((firm) => h("li", {}, h("a", { class: "bh-task", href: `#/firm/${firm.id}` },
      h("span", { class: "bh-task-icon" }, icon("building-factory-2", 28)), h("span", { class: "bh-grow bh-task-title" }, firm.name), codeBadge(firm))));
    list.replaceChildren(...(rows.length ? rows : [h("li", { class: "bh-empty" }, t("no_firm"))]));
  }

  async function scan() {
    try {
      const { Html5Qrcode } = await import("html5-qrcode");
      view.hidden = false;
      scanner = new Html5Qrcode("camera", { verbose: false, useBarCodeDetectorIfSupported: true });
      await scanner.start({ facingMode: "environment" }, { fps: 8, qrbox: 220 }, seen, () => {});
    } catch {
      view.hidden = true;
      scanner = null;
      told.textContent = t("no_camera");
      input.focus();
    }
  }

  async function seen(text) {
    const firm = firmOfCode(text, firms);
    if (!firm) return say(told.textContent = t("not_ours"));
    await stop();
    location.hash = `#/firm/${firm.id}`;
  }
  async function stop() {
    await scanner?.stop().catch(() => {});
    scanner = null;
  }

  show();
  return {
    title: t("scan_title"),
    back: "#/",
    leave: stop,
    body: [
      view, told,
      h("div", { class: "bh-field" }, h("label", { for: "find" }, t("find")), input), list,
    ],
    bottom: [h("button", { class: "bh-btn bh-btn-primary bh-btn-tall", type: "button", onclick: scan }, icon("scan", 28), t("camera"))],
  };
}

// The number of the code leads to the firm without a network; whether the code is genuine, the
// centre says on its check page: a visit rests on the person who stands there, not on the code.
export function firmOfCode(text, firms) {
  const number = /(?:\/c\/|^)(\d+)\.\d+\.\d+\.[\w-]+\/?$/.exec(text.trim())?.[1];
  return number ? firms.find((firm) => firm.code_ids.includes(Number(number))) : undefined;
}
