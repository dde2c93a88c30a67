"""One way in: bytes of a file, or of the zip it came in, to a statement."""

from __future__ import annotations

import io
import zipfile

from bihuan.kernel.affairs.billing.statements import alipay, camt, wechat
from bihuan.kernel.affairs.billing.statements.words import Statement, Unreadable

LARGEST = 200 * 1024 * 1024


def read_statement(channel: str, content: bytes) -> Statement:
    """Read what a channel or bank sent.

    Raises:
        Unreadable: damaged, cut short inside a row, or not of this channel.
    """
    raw = _unpacked(content) if content[:2] == b"PK" else content
    if channel == "camt":
        return camt.read(raw)
    if channel == "wechat":
        return wechat.read(_text(raw, "utf-8-sig"))
    if channel == "alipay":
        return alipay.read(_text(raw, "gb18030"))
    raise Unreadable(f"no channel is called {channel}")


def _text(raw: bytes, encoding: str) -> str:
    """Return the text; a file that somebody has saved in another encoding is read all the same."""
    for name in (encoding, "utf-8-sig", "gb18030"):
        try:
            return raw.decode(name).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise Unreadable("the letters of this file cannot be read")


def _unpacked(content: bytes) -> bytes:
    """Return the details inside a zip: the sheet whose name, read as GBK, is not the summary."""
    try:
        with zipfile.ZipFile(io.BytesIO(content), metadata_encoding="gbk") as packed:
            names = [n for n in packed.infolist() if "汇总" not in n.filename and not n.is_dir()]
            if len(names) != 1 or names[0].file_size > LARGEST:
                raise Unreadable("the zip holds no details, or several")
            return packed.read(names[0])
    except (zipfile.BadZipFile, OSError, UnicodeDecodeError, RuntimeError) as error:
        raise Unreadable("the zip is damaged") from error
