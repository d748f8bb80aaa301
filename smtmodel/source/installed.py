"""The texts that come with the tool: in an installed wheel or in a checkout.

A wheel holds them inside the package, a checkout beside it. Starts no import of `pathlib`, for
which every command would wait.
"""

import os


def installed(*names: str) -> str:
    """The content of the file at that path; OSError if the installation has lost it."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, *names)
    found = inside if os.path.exists(inside) else os.path.join(os.path.dirname(package), *names)
    with open(found, encoding="utf-8") as file:
        return file.read()
