// A voice note: recorded here where the browser can, put into the form's own file field.
// Without this script the field itself takes a file, or the phone's own recorder.
const RATE = 24000;

function prepare(box) {
  const find = (name) => box.querySelector(`[data-record-${name}]`);
  const input = document.getElementById(box.dataset.record);
  const [tools, plain, start, running, says, play, drop] = [
    "tools", "plain", "start", "running", "says", "play", "drop",
  ].map(find);
  const bottom = document.querySelector(".bh-bottom");
  let recorder = null;
  let began = 0;
  let timer = null;
  let sends = false;

  const seconds = () => Math.max(1, Math.round((Date.now() - began) / 1000));
  const say = (words, n) => { says.textContent = words.replace("{n}", n); };

  function show(state) {
    start.hidden = state === "running";
    running.hidden = state !== "running";
    play.hidden = drop.hidden = state !== "kept";
    box.dataset.state = state;
    if (bottom) bottom.hidden = state === "running"; // one solid button at a time
  }

  function keep(blob, length) {
    const ending = blob.type.includes("mp4") ? "m4a" : blob.type.includes("ogg") ? "ogg" : "webm";
    const files = new DataTransfer();
    files.items.add(new File([blob], `voice.${ending}`, { type: blob.type }));
    input.files = files.files;
    play.src = URL.createObjectURL(blob);
    say(box.dataset.wordsKept, length);
    show("kept");
    if (sends) input.form.requestSubmit();
  }

  async function record() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: RATE });
    } catch {
      say(box.dataset.wordsFailed, 0);
      plain.hidden = false;
      return;
    }
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => {
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
      keep(new Blob(parts, { type: recorder.mimeType }), seconds());
    };
    began = Date.now();
    sends = false;
    recorder.start();
    show("running");
    say(box.dataset.wordsRunning, 0);
    timer = setInterval(() => {
      say(box.dataset.wordsRunning, seconds());
      if (seconds() >= Number(box.dataset.seconds)) stop(false);
    }, 500);
  }

  function stop(andSend) {
    if (recorder?.state !== "recording") return;
    sends = andSend;
    recorder.stop();
  }

  start.addEventListener("click", record);
  find("stop").addEventListener("click", () => stop(false));
  find("send").addEventListener("click", () => stop(true));
  drop.addEventListener("click", () => {
    input.value = "";
    says.textContent = "";
    show("empty");
    start.focus();
  });
  tools.hidden = false;
  plain.hidden = true;
  show("empty");
}

if (window.MediaRecorder && navigator.mediaDevices) {
  document.querySelectorAll("[data-record]").forEach(prepare);
}
