"""E1xx: texts that are not protocols."""

from smtmodel.source import Code

UNEXPECTED = Code(
    "E101",
    "syntax error",
    """\
The text cannot go on like this. The message says what was found and at most four things
that could stand there. Line ends mean nothing; a step ends where the next one begins.

Wrong:

    if x == 1
        y = 2

Right:

    if (x == 1)
        y = 2
""",
)

CHARACTER = Code(
    "E102",
    "unexpected character",
    """\
This character has no meaning outside of comments and titles. Names are made of the
letters a to z and A to Z, digits and `_`.

Wrong:

    shared größe = 0

Right:

    shared size = 0
""",
)

OPEN_COMMENT = Code(
    "E103",
    "comment not closed",
    """\
A comment that begins with `/*` ends with `*/`; all the rest of the file would be part
of this one. Comments do not nest.

Wrong:

    /* the second dereference
    slot = slots.slot

Right:

    /* the second dereference */
    slot = slots.slot
""",
)

OPEN_STRING = Code(
    "E104",
    "title not closed",
    """\
The title of a protocol stands in double quotes on one line. There are no other strings.

Wrong:

    protocol paolo "low bit of the generation

Right:

    protocol paolo "low bit of the generation"
""",
)

TOO_DEEP = Code(
    "E105",
    "nested too deeply",
    """\
Brackets, operators, field accesses and steps nest at most 100 levels. A sum of 200
terms is nested 199 levels deep; give parts of it names.

Wrong:

    x = a + a + a + … + a

Right:

    first = a + a + …
    x = first + a + …
""",
)

TOO_LARGE = Code(
    "E106",
    "number too large",
    """\
Literals are smaller than 2^30. Larger values stand for tokens (`fresh`), which must
differ from every literal.

Wrong:

    x = 4294967296

Right:

    x = fresh
""",
)

MALFORMED = Code(
    "E107",
    "malformed number",
    """\
A word that begins with a digit must be a decimal number. There are no hexadecimal
numbers and no suffixes.

Wrong:

    x = 0x10

Right:

    x = 16
""",
)

UNCLOSED = Code(
    "E108",
    "bracket not closed",
    """\
The text ends while a bracket is still open. The place is that of the innermost one; the
one that was forgotten may stand further out.

Wrong:

    update u {
        x = 1

Right:

    update u {
        x = 1
    }
""",
)

HIDING = Code(
    "E109",
    "character that hides what the text says",
    """\
A lone carriage return ends a line for some editors and not for others; other control
characters and marks that turn the direction of writing are not seen at all. What a
reviewer sees would not be what is checked, in comments and titles neither. Lines end
with LF or CRLF; tabs and form feeds are blanks.

Wrong:

    // a comment <a lone carriage return> x = 1

Right:

    // a comment
    x = 1
""",
)
