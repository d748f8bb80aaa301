"""Compares what is shown for any number of updates with runs at 2, 3 and 4 updates, at random.

`python -m tools.random_unbounded FIRST LAST` takes the seeds from FIRST up to LAST without it. A
comparison is a protocol of which at least one property is shown by an invariant that z3 and cvc5
have decided; the explorer then looks for runs that violate it. From 0 up to 2900 there are more
than 2,000 of them, which takes some twenty minutes on a quiet machine; `make test-all` asks those
below 400.
"""

import sys
from collections import Counter

from tests.support.any_number import KINDS, of_seed


def main() -> None:
    counts: Counter[str] = Counter()
    for seed in range(*map(int, sys.argv[1:3])):
        one = of_seed(seed)
        if one is None:
            counts["rejected"] += 1
            continue
        counts["protocols"] += 1
        counts["compared"] += bool(one.shown)
        counts["properties shown"] += len(one.shown)
        counts["with others that runs violate"] += one.telling
        counts[f"compared of kind {seed % len(KINDS)}"] += bool(one.shown)
        if one.wrong:
            counts["differences"] += 1
            print(f"seed {seed}: shown and violated: {', '.join(sorted(one.wrong))}", flush=True)
            print(one.text, flush=True)
    print(", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    print(f"{counts['differences']} differences")


if __name__ == "__main__":
    main()
