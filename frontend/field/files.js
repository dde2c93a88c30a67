// Photos and a voice note of a form: kept in the phone's database the moment they are taken.
import { clockOf, h, icon, say, t } from "./dom.js";
import { locate } from "./phone.js";
import { digestOf, shrink } from "./photo.js";
import { keepFile, readFile } from "./store.js";

const MOST = 9;
const LONGEST_VOICE = 110;

export function photoField(draft, changed) {
  const list = h("ul", { class: "bh-thumbs" });
  const note = h("p", { class: "bh-small bh-2 bh-grow" });
  const fault = h("p", { class: "bh-wrong", role: "alert", hidden: true });
  const words = h("span", {});
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", id: "photo", "aria-label": t("photo"), onchange: take });
  const pick = h("span", { class: "bh-pick bh-take" }, icon("camera", 28), words, input);

  async function take() {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    fault.hidden = true;
    words.textContent = t("shrinking");
    try {
      const made = await shrink(file);
      await keepFile(made);
      draft.files.push({ digest: made.digest, kind: "photo", size: made.size });
      draft.takenAt ??= new Date().toISOString();
      await changed();
      locate().then(async (here) => {
        draft.here = here ?? draft.here;
        await changed();
        await show();
      });
    } catch {
      fault.textContent = t("no_photo");
      fault.hidden = false;
    }
    await show();
  }

  async function show() {
    const photos = draft.files.filter((file) => file.kind === "photo");
    words.textContent = photos.length ? t("one_more") : t("photo");
    input.disabled = photos.length >= MOST;
    if (photos.length >= MOST) words.textContent = t("most_photos");
    const items = await Promise.all(photos.map(async ({ digest }, n) => {
      const file = await readFile(digest);
      const image = h("img", { class: "bh-thumb", alt: `${t("photo")} ${n + 1}` });
      if (file) image.src = URL.createObjectURL(file.blob);
      return h("li", { class: "bh-thumb-own" }, image,
        h("button", { class: "bh-thumb-away", type: "button", "aria-label": t("take_away", { n: n + 1 }), onclick: () => away(digest) }, icon("x")));
    }));
    list.replaceChildren(...items, h("li", {}, pick));
    if (draft.takenAt) {
      const time = clockOf(draft.takenAt);
      const where = draft.here ? t("noted_at", { time, n: draft.here.within }) : t("noted_time", { time });
      note.replaceChildren(t("noted"), h("br"), where);
    }
  }

  async function away(digest) {
    draft.files = draft.files.filter((file) => file.digest !== digest);
    await changed();
    await show();
  }

  show();
  return h("div", { class: "bh-stack-8" }, h("div", { class: "bh-row-nowrap bh-top-aligned" }, list, note), fault);
}

export function voiceButton(draft, changed) {
  const words = h("span", {});
  const button = h("button", { class: "bh-btn bh-btn-tall", type: "button", onclick: toggle }, icon("microphone", 28), words);
  let recorder = null;
  let began = 0;
  let ticking = null;

  function show() {
    const note = draft.files.find((file) => file.kind === "voice");
    words.textContent = recorder ? t("stop", { n: seconds() }) : note ? t("voice", { n: note.seconds }) : t("speak");
    button.setAttribute("aria-pressed", recorder ? "true" : "false");
  }
  const seconds = () => Math.max(1, Math.round((Date.now() - began) / 1000));

  async function toggle() {
    if (recorder) return recorder.stop();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: 24000 });
      const parts = [];
      recorder.ondataavailable = ({ data }) => parts.push(data);
      recorder.onstop = () => keep(new Blob(parts, { type: recorder.mimeType }), stream);
      recorder.start(1000);
      began = Date.now();
      ticking = setInterval(() => (seconds() > LONGEST_VOICE ? recorder?.stop() : show()), 500);
    } catch {
      recorder = null;
      say(t("no_microphone"));
      words.textContent = t("no_microphone");
      return;
    }
    show();
  }

  async function keep(blob, stream) {
    clearInterval(ticking);
    const length = seconds();
    recorder = null;
    stream.getTracks().forEach((track) => track.stop());
    const digest = await digestOf(blob);
    await keepFile({ digest, blob, kind: "voice", size: blob.size });
    draft.files = [...draft.files.filter((file) => file.kind !== "voice"), { digest, kind: "voice", size: blob.size, seconds: length }];
    await changed();
    show();
  }

  show();
  return button;
}
