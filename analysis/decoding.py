"""Find out how a text file is encoded; say what it is where it is no text."""

import re
from datetime import date

MAGIC = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a Word, Excel or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
MARKS = {b"\xef\xbb\xbf": "UTF-8-SIG", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_CHINESE_TEXT = re.compile("[\t\n\r\f -~\xa0-\xff\u2010-\u203b\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def decode_text(data: bytes) -> tuple[str, str]:
    r"""Decode the bytes of a text file.

    Returns
    -------
    tuple
        The text (a byte order mark taken off, line ends as they are) and its encoding: `UTF-8`, `UTF-8-SIG`, `UTF-16`,
        `UTF-16-LE`, `UTF-16-BE` or `GB18030`, each a name that Python's codecs and iconv know but for `UTF-8-SIG`.

    Raises
    ------
    ValueError
        If the bytes are empty, binary or in none of these encodings; the message goes on from "the file ...".

    Examples
    --------
    >>> decode_text("倡议\r\n".encode("gb18030"))
    ('倡议\r\n', 'GB18030')
    """
    if not data.strip():
        raise ValueError("is empty; fill it or take it out")
    for magic, what in MAGIC.items():
        if data.startswith(magic):
            raise ValueError(f"is {what}, not a text; save it as plain text (UTF-8)")
    marked = next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), None)
    try:
        text, encoding = (data.decode(marked), marked) if marked else _guess(data)
    except UnicodeDecodeError as error:
        raise ValueError(f"is marked as {marked}, but byte {error.start} is not; save it again as UTF-8") from None
    if not text.strip():
        raise ValueError("is empty; fill it or take it out")
    return text, encoding


def _guess(data: bytes) -> tuple[str, str]:
    if b"\0" in data:
        for encoding in ("UTF-16-LE", "UTF-16-BE"):
            if (text := _decode(data, encoding)) is not None:
                return text, encoding
        raise ValueError("is binary, not a text; save it as plain text (UTF-8)")
    try:
        return data.decode("UTF-8"), "UTF-8"
    except UnicodeDecodeError as error:
        broken = data.decode("UTF-8", "replace")
        if broken.count("\ufffd") <= len(broken) / 20:
            line = data.count(b"\n", 0, error.start) + 1
            raise ValueError(f"is UTF-8, but for byte {error.start} in line {line}; mend that line") from None
    if (text := _decode(data, "GB18030")) is not None:
        return text, "GB18030"
    raise ValueError("is neither UTF-8 nor GB18030 nor UTF-16; save it as UTF-8")


def _decode(data: bytes, encoding: str) -> str | None:
    """Decode, or return None where the result is not Chinese or English text (nine in ten characters)."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if len(_CHINESE_TEXT.findall(text)) >= 0.9 * len(text) else None


def read_date(value: str, pattern: str = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}") -> str:
    """Return a day written as year, month, day in ISO form, or `''` where the value is none."""
    try:
        return date(*map(int, re.split("[-/.]", value))).isoformat() if re.fullmatch(pattern, value) else ""
    except ValueError:
        return ""
