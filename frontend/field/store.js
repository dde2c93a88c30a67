// What the phone keeps. One database for each account: who signs in next sees and sends nothing of
// another's. A promise that resolves here means that the transaction has completed on the disk.
import Dexie from "dexie";

const STRICT = { chromeTransactionDurability: "strict" };
const whose = new Dexie("bihuan-field", STRICT);
whose.version(1).stores({ marks: "" });

let db = null;

export async function currentAccount() {
  return (await whose.marks.get("account")) ?? null;
}

export async function openFor(account) {
  if (db && db.account === account) return;
  await whose.marks.put(account, "account");
  db?.close();
  db = new Dexie(`bihuan-field-${account}`, STRICT);
  db.version(1).stores({ queue: "id, state", files: "digest", marks: "", thumbs: "", drafts: "" });
  db.account = account;
  await db.open();
}

// Signing out: the list and its pictures go, unsent work stays sealed under its account.
export async function close() {
  if (db) {
    await db.transaction("rw", db.marks, db.thumbs, db.queue, async () => {
      await db.marks.clear();
      await db.thumbs.clear();
      await db.queue.where("state").equals("received").delete();
    });
    db.close();
  }
  db = null;
  await whose.marks.delete("account");
}

// -- the day --------------------------------------------------------------------------------------

export const keepToday = (today) => db.marks.put(today, "today");
export const readToday = () => db.marks.get("today");

export async function keepThumb(id, blob) {
  await db.thumbs.put(blob, id);
}
export const readThumb = (id) => db.thumbs.get(id);
export const keptThumbs = async () => new Set(await db.thumbs.toCollection().primaryKeys());

// -- drafts ---------------------------------------------------------------------------------------

export const readDraft = (key) => db.drafts.get(key);
export const keepDraft = (key, draft) => db.drafts.put(draft, key);
export const keepFile = (file) => db.files.put(file);
export const readFile = (digest) => db.files.get(digest);

// -- the queue ------------------------------------------------------------------------------------

export async function saveWork(entry, draftKey) {
  await db.transaction("rw", db.queue, db.drafts, async () => {
    if (entry.replaces) await db.queue.delete(entry.replaces);
    await db.queue.put(entry);
    await db.drafts.delete(draftKey);
  });
}

export const readQueue = () => db.queue.toArray();
export const readEntry = (id) => db.queue.get(id);
export const changeEntry = (id, changes) => db.queue.update(id, changes);
export const dropEntry = (id) => db.queue.delete(id);

// What the centre has received needs its files no longer; the line stays for a week.
export async function markReceived(id, changes) {
  await db.transaction("rw", db.queue, db.files, async () => {
    const entry = await db.queue.get(id);
    if (!entry) return;
    await db.queue.put({ ...entry, ...changes, state: "received", files: [] });
    await db.files.bulkDelete(entry.files.map((file) => file.digest));
  });
}

const WEEK = 7 * 86400000;
export async function tidy() {
  const entries = await db.queue.toArray();
  const old = entries.filter((entry) => entry.state === "received" && Date.now() - entry.receivedAt > WEEK);
  await db.queue.bulkDelete(old.map((entry) => entry.id));
  const drafts = await db.drafts.toArray();
  const named = [...entries.flatMap((entry) => entry.files), ...drafts.flatMap((draft) => draft.files ?? [])];
  const wanted = new Set(named.map((file) => file.digest));
  const kept = await db.files.toCollection().primaryKeys();
  await db.files.bulkDelete(kept.filter((digest) => !wanted.has(digest)));
}

export async function roomLeft() {
  if (!navigator.storage?.estimate) return null;
  const { quota, usage } = await navigator.storage.estimate();
  return Math.min(999, Math.floor((quota - usage) / 2 / 1024 / 1024));
}
