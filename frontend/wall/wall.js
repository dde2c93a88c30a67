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
setInterval(async () => {
  const answer = await fetch(location.href, { headers: { "X-Wall": "again" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, there] = [document.querySelector("[data-fresh]"), fresh.querySelector("[data-fresh]")];
  if (here && there && here.innerHTML !== there.innerHTML) here.replaceWith(there);
}, 60000);
