"""Sets of small numbers as the bits of an integer."""


def bits(row: int) -> list[int]:
    """The numbers of the bits that are set, ascending."""
    found = []
    while row:
        low = row & -row
        found.append(low.bit_length() - 1)
        row ^= low
    return found
