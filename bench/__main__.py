"""``python -m bench [NAME…]``: run the workloads, or those named; each prints a line a figure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    """Run each workload in a process of its own."""
    known = sorted(path.stem for path in HERE.glob("w*.py"))
    wanted = [k for k in known if not names or any(k.startswith(name) for name in names)]
    if not wanted:
        print(f"no such workload; known: {', '.join(known)}")
        return 2
    codes = [subprocess.call([sys.executable, "-m", f"bench.{name}"]) for name in wanted]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
