"""The files that come with the tool: in an installed wheel or in a checkout.

A wheel holds them inside the package, a checkout beside it. Starts no import of `pathlib`, for
which every command would wait.
"""

import os


def place(*names: str) -> str:
    """Where a file or folder of that path is."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, *names)
    return inside if os.path.exists(inside) else os.path.join(os.path.dirname(package), *names)


def installed(*names: str) -> str:
    """The content of the file at that path; OSError if the installation has lost it."""
    with open(place(*names), encoding="utf-8") as file:
        return file.read()
