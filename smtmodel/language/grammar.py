"""Where the grammar is, and where the tables made from it are kept between runs.

Gives the grammar's text (from a checkout or an installed wheel) and reads and writes one
cache file under the user's cache directory. A cache that cannot be used is never an error:
the tables are then built again. Does not know what the bytes mean.
"""

import os
from hashlib import sha256
from importlib.machinery import PathFinder

from smtmodel.source.installed import installed

GRAMMAR = "protocol.lark"
PRELUDE = "prelude.dsl"
DIGEST = 32
"""The bytes of the digest that a kept file begins with."""


def grammar_text() -> str:
    """The text of the grammar; OSError if the installation has lost it."""
    return installed("grammar", GRAMMAR)


def prelude_text() -> str:
    """The text of the prelude; OSError if the installation has lost it."""
    return installed("grammar", PRELUDE)


def generator() -> str:
    """Tells one installed version of the parser generator from another, without its import."""
    spec = PathFinder.find_spec("lark")
    if spec is None or spec.origin is None:
        return ""
    with open(spec.origin, encoding="utf-8") as file:
        return file.read()


def cache_file(*key: str) -> str | None:
    """The file that keeps what was made from `key`, or None if there is no place for one."""
    root = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    if not os.path.isabs(root):
        return None
    digest = sha256("\0".join(key).encode()).hexdigest()[:32]
    return os.path.join(root, "smtmodel", f"protocol-{digest}.tables")


def load(file: str) -> bytes | None:
    """The bytes kept in the file; None if there are none, or not those that were written, or if
    others could have written them.

    Tables of another user would decide what a text says.
    """
    try:
        with open(file, "rb") as opened:
            for status in (os.fstat(opened.fileno()), os.stat(os.path.dirname(file))):
                if status.st_uid != os.getuid() or status.st_mode & 0o022:
                    return None
            digest, content = opened.read(DIGEST), opened.read()
            return content if digest == sha256(content).digest() else None
    except OSError:
        return None


def keep(file: str, content: bytes) -> None:
    """Write the file as a whole, readable by its owner only; nothing happens if that fails."""
    draft = f"{file}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(sha256(content).digest() + content)
        os.replace(draft, file)
    except OSError:
        try:
            os.unlink(draft)
        except OSError:
            return
