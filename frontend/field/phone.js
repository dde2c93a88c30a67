// What the app knows just now, and who wants to hear when it changes.
import { currentAccount, openFor, readQueue, readToday } from "./store.js";
import { isToday } from "./dom.js";

export const phone = {
  account: null,
  today: null,
  queue: [],
  net: "ok", // ok, none, sign_in, post, old
  comparedAt: null,
  progress: {},
  here: null,
};

const hearers = new Set();
export const hear = (heard) => hearers.add(heard);
export const tell = () => hearers.forEach((heard) => heard());

export const unsent = () => phone.queue.filter((entry) => entry.state !== "received");
export const received = () =>
  phone.queue.filter((entry) => entry.state === "received" && isToday(entry.receivedAt));

export async function refreshQueue() {
  phone.queue = phone.account === null ? [] : await readQueue();
  phone.queue.sort((a, b) => b.savedAt - a.savedAt);
}

export async function wake() {
  const account = await currentAccount();
  if (account === null) return false;
  await openFor(account);
  phone.account = account;
  phone.today = (await readToday()) ?? null;
  await refreshQueue();
  return true;
}

export async function become(account) {
  if (phone.account === account) return;
  await openFor(account);
  phone.account = account;
  phone.today = (await readToday()) ?? null;
  await refreshQueue();
}

// Where the phone is; asked only when a photo is taken, or when it was allowed before.
export function locate() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        phone.here = {
          longitude: Number(coords.longitude.toFixed(6)),
          latitude: Number(coords.latitude.toFixed(6)),
          within: Math.round(coords.accuracy),
        };
        resolve(phone.here);
      },
      () => resolve(null),
      { enableHighAccuracy: true, timeout: 6000, maximumAge: 30000 },
    );
  });
}

export async function locateIfAllowed() {
  try {
    const { state } = await navigator.permissions.query({ name: "geolocation" });
    if (state === "granted") await locate();
  } catch {
    // A browser without this question is asked when a photo is taken.
  }
}
