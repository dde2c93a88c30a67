// Sending what is kept. "Received" is written only when the centre's answer said so; whatever breaks
// in between, the same thing is sent again under the same id, and the centre takes it in once.
import { boot } from "./dom.js";
import { become, phone, refreshQueue, tell } from "./phone.js";
import * as store from "./store.js";

const PIECE = 128 * 1024;
const BATCH = 10;
const WAITS = [2, 4, 8, 15, 30];

class Stop extends Error {
  constructor(net) {
    super(net);
    this.net = net;
  }
}

let running = false;
let again = false;
let failures = 0;
let timer = null;

export function soon(seconds = 0) {
  clearTimeout(timer);
  timer = setTimeout(sync, seconds * 1000);
}

export async function sync() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    await (navigator.locks?.request("bihuan-field-sync", round) ?? round());
    failures = 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    phone.net = error.net;
    failures += 1;
  } finally {
    running = false;
    phone.progress = {};
    if (phone.account !== null) await refreshQueue();
    tell();
    schedule();
  }
}

function schedule() {
  if (again) {
    again = false;
    return soon();
  }
  const waiting = phone.queue.some((entry) => entry.state === "saved");
  if (phone.net === "none") return soon(WAITS[Math.min(failures, WAITS.length) - 1] ?? 30);
  if (waiting && phone.net === "ok") return soon(15);
  return soon(300);
}

async function round() {
  await fetchToday();
  await refreshQueue();
  const waiting = phone.queue.filter((entry) => entry.state === "saved").reverse();
  const light = waiting.filter((entry) => entry.files.length === 0);
  let some = false;
  for (let n = 0; n < light.length; n += BATCH) some = (await send(light.slice(n, n + BATCH))) || some;
  for (const entry of waiting) {
    if (entry.files.length && (await upload(entry))) some = (await send([entry])) || some;
  }
  if (some) await fetchToday();
}

// -- talking to the centre ------------------------------------------------------------------------

const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);

async function ask(address, options = {}, seconds = 20) {
  const headers = { Accept: "application/json", ...options.headers };
  if (options.method === "POST") headers["X-CSRFToken"] = cookie("csrftoken") ?? "";
  let answer;
  let told;
  try {
    answer = await fetch(address, {
      ...options, headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(seconds * 1000),
    });
    told = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : null;
  } catch {
    throw new Stop("none");
  }
  if (answer.status === 401 || (answer.redirected && !told)) throw new Stop("sign_in");
  if (answer.status >= 500) throw new Stop("none");
  return { ok: answer.ok, status: answer.status, told };
}

const post = (address, body) =>
  ask(address, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });

async function fetchToday() {
  const { ok, status, told } = await ask(boot.addresses.today);
  if (status === 403) {
    phone.net = "post"; // what is kept is sent all the same: the centre says of each thing why not
    return;
  }
  if (!ok || !told) throw new Stop("none");
  await become(told.account);
  phone.net = told.version === boot.version ? "ok" : "old";
  phone.today = told;
  phone.comparedAt = Date.now();
  await store.keepToday(told);
  await keepThumbs(told);
}

async function keepThumbs(today) {
  const kept = await store.keptThumbs();
  const wanted = today.verify.flatMap((matter) => [...matter.before, ...matter.after]);
  for (const id of wanted.filter((one) => !kept.has(one)).slice(0, 60)) {
    try {
      const answer = await fetch(`/evidence/${id}/?thumb=1`, { signal: AbortSignal.timeout(10000) });
      if (answer.ok) await store.keepThumb(id, await answer.blob());
    } catch {
      return; // the pictures come with the next signal; the list is already here
    }
  }
}

// -- one thing after another ----------------------------------------------------------------------

async function upload(entry) {
  const whole = entry.files.reduce((sum, file) => sum + Math.ceil(file.size / PIECE), 0);
  let before = 0;
  for (const { digest, size } of entry.files) {
    const file = await store.readFile(digest);
    const done = await uploadFile(file, (offset) => {
      phone.progress[entry.id] = { done: before + Math.ceil(offset / PIECE), whole };
      tell();
    });
    if (done !== true) {
      await store.changeEntry(entry.id, { state: "refused", words: done });
      return false;
    }
    before += Math.ceil(size / PIECE);
  }
  return true;
}

// Returns true, or the centre's words why it will not have the file.
async function uploadFile(file, moved) {
  const account = phone.account;
  for (let tries = 0; tries < 4; tries += 1) {
    const begun = await post(boot.addresses.upload, { account, digest: file.digest, size: file.size, kind: file.kind });
    if (!begun.ok) return wordsOf(begun);
    let { offset, stored } = begun.told;
    while (!stored) {
      moved(offset);
      const piece = file.blob.slice(offset, offset + PIECE);
      const address = `${boot.addresses.upload}${file.digest}/?offset=${offset}`;
      const sent = await ask(address, { method: "POST", body: piece, headers: { "Content-Type": "application/octet-stream" } }, 60);
      if (sent.status === 409 || sent.status === 404) break;
      if (!sent.ok) return wordsOf(sent);
      if (sent.told.offset <= offset && !sent.told.stored) break;
      ({ offset, stored } = sent.told);
    }
    if (stored) return true;
  }
  throw new Stop("none");
}

function wordsOf({ status, told }) {
  if (told?.words && status !== 403) return told.words;
  throw new Stop(status === 403 ? "sign_in" : "none");
}

async function send(entries) {
  const commands = entries.map(({ id, name, payload }) => ({ command_id: id, name, payload }));
  const answer = await post(boot.addresses.sync, { account: phone.account, commands });
  if (!answer.ok || !answer.told) throw new Stop(answer.status === 403 || answer.status === 409 ? "sign_in" : "none");
  let some = false;
  for (const told of answer.told.answers) {
    if (told.outcome === "received") {
      some = true;
      await store.markReceived(told.command_id, { receivedAt: Date.now(), number: told.number, answer: told.answer });
    } else if (told.outcome !== "retry") {
      await store.changeEntry(told.command_id, { state: told.outcome, words: told.words, field: told.field, code: told.code });
    }
  }
  await refreshQueue();
  tell();
  return some;
}
