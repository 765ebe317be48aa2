"""Read a text file in whatever encoding it has; say what it is where it is no text."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from datetime import date
from pathlib import Path

from analysis.errors import InputError, name_file

MAGIC = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a Word, Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
MARKS = {  # those of UTF-32 begin like those of UTF-16
    BOM_UTF32_LE: "UTF-32", BOM_UTF32_BE: "UTF-32", BOM_UTF16_LE: "UTF-16", BOM_UTF16_BE: "UTF-16",
    BOM_UTF8: "UTF-8-SIG",
}  # fmt: skip
_FOREIGN = re.compile("[^\t\n\r\f -~\xa0-\xff\u2010-\u203b\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def read_encoded(path: Path) -> tuple[str, str]:
    """Read a text file and its encoding as `decode_text` does; raise `InputError` where that cannot be done."""
    try:
        return decode_text(path.read_bytes())
    except OSError as error:
        raise InputError([f"{name_file(path)}: cannot be read ({error.strerror}); check its name and rights"]) from None
    except ValueError as error:
        raise InputError([f"{name_file(path)}: the file {error}"]) from None


def decode_text(data: bytes) -> tuple[str, str]:
    r"""Return a text (a byte order mark taken off, line ends as they are) and the name of its encoding.

    With a byte order mark that is `UTF-8-SIG`, `UTF-16` or `UTF-32`; without one `UTF-8`, or, where at least nine in
    ten characters are usual in Chinese or English, `GB18030`, `UTF-16-LE` or `UTF-16-BE`.

    Raises
    ------
    ValueError
        If the bytes are empty, binary or in none of these encodings; the message goes on from "the file ...".

    Examples
    --------
    >>> decode_text("倡议\r\n".encode("gb18030"))
    ('倡议\r\n', 'GB18030')
    """
    for magic, what in MAGIC.items():
        if data.startswith(magic):
            raise ValueError(f"is {what}, not a text; save it as plain text (UTF-8)")
    marked = [encoding for mark, encoding in MARKS.items() if data.startswith(mark)][:1]
    for encoding in marked or (["UTF-16-LE", "UTF-16-BE"] if b"\0" in data else ["UTF-8", "GB18030"]):
        fault = ""
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            text = data.decode(encoding, "replace")
            line = data.count(b"\n", 0, error.start) + 1
            fault = f"is {encoding}, but for byte {error.start} in line {line}; mend that line"
        if fault and text.count("\ufffd") > len(text) / 20:
            continue
        if marked or encoding == "UTF-8" or len(_FOREIGN.findall(text)) <= 0.1 * len(text):
            if fault or not text.strip():
                raise ValueError(fault or "is empty; fill it or take it out")
            return text, encoding
    raise ValueError("is binary, or neither UTF-8 nor GB18030 nor UTF-16; save it as plain text (UTF-8)")


def read_date(value: str, pattern: str = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}") -> str:
    """Return a day written as year, month, day in ISO form, or `''` where the value is none."""
    try:
        return date(*map(int, re.split("[-/.]", value))).isoformat() if re.fullmatch(pattern, value) else ""
    except ValueError:
        return ""
