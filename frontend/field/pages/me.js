// Who uses the phone, how pages look, what is kept here, and signing out without losing anything.
import { boot, h, icon, t } from "../dom.js";
import { phone, tell, unsent } from "../phone.js";
import { close } from "../store.js";

export function mePage() {
  const waiting = unsent().length;
  const fault = h("p", { class: "bh-fault", role: "alert", hidden: true });
  const warning = h("section", { class: "bh-sheet bh-stack", hidden: true, role: "alert" },
    h("p", {}, t("sign_out_warn", { n: waiting })),
    h("button", { class: "bh-btn bh-btn-danger", type: "button", id: "sign-out-still", onclick: leave }, t("sign_out_still")),
    h("a", { class: "bh-btn", href: "#/queue" }, t("keep")));

  async function leave() {
    if (!(await signOut())) {
      fault.textContent = t("sign_out_no_net");
      fault.hidden = false;
    }
  }
  function ask() {
    if (waiting) warning.hidden = false;
    else leave();
  }

  return {
    title: t("me"),
    back: "#/",
    body: [
      fault, warning,
      h("section", { class: "bh-sheet bh-stack-8" }, h("b", {}, phone.today?.who ?? ""), h("span", { class: "bh-2" }, phone.today?.area.name ?? ""), h("p", {}, t("kept_here", { n: waiting }))),
      lookForm(),
      h("a", { class: "bh-btn", href: boot.addresses.plain }, icon("file-text"), t("plain_page")),
      h("button", { class: "bh-btn", type: "button", id: "sign-out", onclick: ask }, icon("logout"), t("sign_out")),
    ],
  };
}

function lookForm() {
  const big = document.documentElement.classList.contains("bh-big");
  return h("form", { method: "post", action: boot.addresses.look, class: "bh-row" },
    h("input", { type: "hidden", name: "csrfmiddlewaretoken", value: phone.today?.token ?? "" }),
    h("input", { type: "hidden", name: "next", value: "/field/" }),
    h("button", { class: "bh-btn bh-grow", name: "print", value: big ? "plain" : "big" }, t(big ? "plain" : "big")),
    h("button", { class: "bh-btn bh-grow", name: "language", value: boot.chinese ? "en" : "zh-hans" }, boot.chinese ? t("language") : "中文"));
}

async function signOut() {
  const body = new URLSearchParams({ csrfmiddlewaretoken: phone.today?.token ?? "" });
  try {
    const answer = await fetch(boot.addresses.sign_out, { method: "POST", body, redirect: "manual" });
    if (!answer.ok && answer.type !== "opaqueredirect") return false;
  } catch {
    return false;
  }
  await close();
  Object.assign(phone, { account: null, today: null, queue: [], net: "sign_in" });
  location.hash = "#/";
  tell();
  return true;
}
