"""E0xx: inputs that cannot be read at all."""

from smtmodel.source.diagnostic import Code

UNREADABLE = Code(
    "E001",
    "cannot be read",
    """\
The operating system refused to open or read the file: it is missing, a folder, or
closed to this user. Nothing was checked, so nothing is known about it.

Wrong:

    smtmodel prove no-such-file.dsl

Right:

    smtmodel prove paolo.dsl
""",
)

NOT_UTF8 = Code(
    "E002",
    "not UTF-8",
    """\
Protocols are UTF-8 texts. The place of the first byte that is not is given; most often
the file was saved in another encoding.

Wrong:

    // a comment saved as Latin-1

Right:

    // the same comment saved as UTF-8
""",
)

BINARY = Code(
    "E003",
    "not a text",
    """\
The input contains NUL bytes, so it is no text: perhaps an object file, or UTF-16.

Wrong:

    smtmodel prove kvm.o

Right:

    smtmodel prove kvm.dsl
""",
)

EMPTY = Code(
    "E004",
    "empty",
    """\
The text has no protocol at all, only blanks and comments. An empty file never counts as
proved.

Wrong:

    // to be written

Right:

    protocol name

    shared x = 0
    …
""",
)

TOO_LONG = Code(
    "E005",
    "too long",
    """\
Texts are at most 4 MiB long. A protocol is some tens of lines; a longer input is most
likely another kind of file.

Wrong:

    smtmodel prove trace.log

Right:

    smtmodel prove protocol.dsl
""",
)
