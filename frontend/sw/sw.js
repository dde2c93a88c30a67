// The worker of the field app: keeps the app itself on the phone, never anybody's data. The server
// puts the list of files before this script, as KEPT; another version is another list.
const { version, assets, shell } = self.KEPT;
const NAME = `bihuan-field-${version}`;
const PATIENCE = 2500;

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll());
});

async function keepAll() {
  const cache = await caches.open(NAME);
  await cache.addAll(assets);
  const page = await fetch(shell, { cache: "reload", credentials: "include" });
  if (isShell(page)) await cache.put(shell, page);
  await self.skipWaiting();
}

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOld());
});

async function forgetOld() {
  // Old lists go only when the new one has its page: else the app would not open without a network.
  const cache = await caches.open(NAME);
  if (await cache.match(shell)) {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("bihuan-field-") && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
  }
  await self.clients.claim();
}

const isShell = (answer) => answer.ok && !answer.redirected && answer.headers.has("X-Field-Shell");

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname === shell) {
    event.respondWith(openShell(request));
  } else if (address.pathname.startsWith("/static/")) {
    event.respondWith(fromPhoneFirst(request));
  }
});

// The page comes from the network when that is quick, so that language and print are as chosen;
// otherwise, and when the network gives anything but the app, from the phone.
async function openShell(request) {
  const kept = await caches.match(shell);
  const fresh = fetchShell(request);
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept));
  return Promise.race([fresh.then((page) => (isShell(page) ? page : kept)), late]).catch(() => kept);
}

async function fetchShell(request) {
  const page = await fetch(request);
  if (isShell(page)) {
    const copy = page.clone();
    caches.open(NAME).then((cache) => cache.put(shell, copy));
  }
  return page;
}

async function fromPhoneFirst(request) {
  return (await caches.match(request)) || fetch(request);
}
