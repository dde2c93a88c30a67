// The wall: the clock runs, the numbers are fetched anew each minute, nothing else moves.
import "./wall.css";

const clock = document.querySelector("[data-clock]");
if (clock) {
  const show = () => {
    const now = new Date().toLocaleTimeString("zh-CN", {
      timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false,
    });
    if (clock.textContent !== now) clock.textContent = now;
  };
  setInterval(show, 1000);
}

// Playing back: the next day's page is fetched and takes this one's place, address and all.
const region = () => document.querySelector("[data-fresh]");
const show = async (address, keep) => {
  const answer = await fetch(address, { headers: { "X-Wall": "again" } }).catch(() => null);
  if (!answer || !answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, there] = [region(), fresh.querySelector("[data-fresh]")];
  if (!here || !there) return false;
  if (here.innerHTML !== there.innerHTML) here.replaceWith(there);
  if (keep) history.replaceState(null, "", address);
  prepare();
  return true;
};
let playing = false;
const prepare = () => document.querySelectorAll("[data-play]").forEach((button) => {
  button.hidden = false;
  if (playing) button.textContent = button.dataset.stop;
});
const step = async () => {
  const next = document.querySelector('[rel="next"]');
  playing = Boolean(playing && next && (await show(next.href, true)));
  if (playing) setTimeout(step, 400);
  else document.querySelectorAll("[data-play]").forEach((b) => { if (b.dataset.words) b.textContent = b.dataset.words; });
};
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-play]");
  if (!button) return;
  if (playing) { playing = false; location.reload(); return; }
  playing = true;
  if (document.querySelector('[rel="next"]') || (await show(button.dataset.first, true))) step();
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-slide]");
  if (form) show(`${form.action.split("?")[0]}?n=${event.target.value}`, true);
});
prepare();

// What is live is fetched anew each minute; an evening that has passed stays.
setInterval(() => {
  const here = region();
  if (here && here.dataset.fresh !== "still" && !playing) show(location.href, false);
}, 60000);
