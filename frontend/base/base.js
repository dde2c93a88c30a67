// What every page has: htmx, the live region, previews of chosen photos, reading aloud.
import "htmx.org";
import "../tokens.css";
import "./base.css";
import "./record.js";

const say = (words) => {
  const region = document.getElementById("live");
  if (region) region.textContent = words;
};

// A photo that was chosen is shown before it is sent.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
  const list = document.querySelector(`[data-preview-of="${input.id}"]`);
  if (!list) return;
  list.replaceChildren(
    ...[...input.files].slice(0, 9).map((file) => {
      const item = document.createElement("li");
      const image = document.createElement("img");
      image.className = "bh-thumb";
      image.alt = file.name;
      image.src = URL.createObjectURL(file);
      item.append(image);
      return item;
    }),
  );
  if (list.dataset.words) say(`${list.dataset.words} ${input.files.length}`);
});

// A form is sent once: the button rests while the answer is on its way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.sent) {
    if (form.dataset.sent) event.preventDefault();
    return;
  }
  if (form.method === "post") form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// Reading aloud, where the device can.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-read]");
  if (!button || !("speechSynthesis" in window)) return;
  const source = document.querySelector(button.dataset.read);
  const speech = new SpeechSynthesisUtterance(source ? source.innerText : "");
  speech.lang = document.documentElement.lang;
  window.speechSynthesis.cancel();
  window.speechSynthesis.speak(speech);
});
if ("speechSynthesis" in window) {
  document.querySelectorAll("[data-read]").forEach((button) => button.removeAttribute("hidden"));
}

// Where am I: fills two hidden fields, and says so.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-locate]");
  if (!button || !navigator.geolocation) return;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const form = button.closest("form");
      form.elements.longitude.value = coords.longitude.toFixed(6);
      form.elements.latitude.value = coords.latitude.toFixed(6);
      say(button.dataset.done);
      button.lastChild.textContent = button.dataset.done;
    },
    () => say(button.dataset.failed),
    { timeout: 8000, maximumAge: 60000 },
  );
});
if (navigator.geolocation) {
  document.querySelectorAll("[data-locate]").forEach((button) => button.removeAttribute("hidden"));
}

// Ready words go into the answer that is being written, and nothing typed is lost.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-insert]");
  const field = link && document.querySelector(`form textarea[name="${link.dataset.into}"]`);
  if (!field) return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  field.value = [field.value.trim(), link.dataset.insert].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  say(link.dataset.done);
});

// A receipt is printed.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.removeAttribute("hidden");
  button.addEventListener("click", () => window.print());
});

// A list is walked with the arrow keys.
document.addEventListener("keydown", (event) => {
  if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const here = document.activeElement.closest?.("[data-walk] a");
  if (!here) return;
  const links = [...here.closest("[data-walk]").querySelectorAll("a[data-row]")];
  const next = links[links.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
