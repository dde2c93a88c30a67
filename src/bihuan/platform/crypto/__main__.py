"""Make keys: ``python -m bihuan.platform.crypto FOLDER [--add field|index|signing] [--sm]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bihuan.platform.crypto import keys

SM = {keys.Use.FIELD: "sm4-gcm", keys.Use.INDEX: "hmac-sm3", keys.Use.SIGNING: keys.SIGNING}


def main(arguments: list[str]) -> int:
    """Make the first keys of an installation, or one more of a use."""
    parser = argparse.ArgumentParser(prog="python -m bihuan.platform.crypto", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--add", choices=[use.value for use in keys.Use])
    parser.add_argument("--sm", action="store_true", help="SM4 and SM3 instead of AES and SHA-256")
    chosen = parser.parse_args(arguments)
    algorithms = SM if chosen.sm else keys.DEFAULT_ALGORITHM
    uses = [keys.Use(chosen.add)] if chosen.add else list(keys.Use)
    for use in uses:
        if chosen.add or not list(chosen.folder.glob(f"{use}-*.key")):
            number = keys.add_key(chosen.folder, use, algorithm=algorithms[use])
            sys.stdout.write(f"{use}-{number}.key\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
