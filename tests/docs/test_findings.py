"""docs/findings.md is about the protocols as they are, and says what is found out about them."""

from functools import cache

import pytest

from smtmodel.verdict import Verdict
from tests.support.examples import SHIPPED
from tests.support.lengths import long, long_but
from tools.finding_claims import Survey, survey
from tools.findings import PATH, Answers, Entry, ask, entry, on_page, page, source

SAMPLE = ("xiao", "seqcount/g1:seqcount", "slub/m9:head_only")
"""A proof with cases and orders, one without cases, and what is refuted beside what is proved."""
STATES = 20_000
PAGE = PATH.read_text()


@cache
def answers(name: str) -> Answers:
    """What is found out about a protocol, once per process."""
    return ask(source(name))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_page_is_about_the_protocol_as_it_is(name: str) -> None:
    assert on_page(PAGE, source(name)) is not None, "run `make findings`"


def test_every_shipped_protocol_is_on_the_page_and_nothing_else() -> None:
    entries = {name: on_page(PAGE, source(name)) or Entry("", ()) for name in SHIPPED}
    assert page(entries) == PAGE, "run `make findings`"


@pytest.mark.parametrize("name", long_but(SAMPLE[:1], SAMPLE))
def test_the_page_says_what_is_found_out(name: str) -> None:
    of = source(name)
    assert on_page(PAGE, of) == entry(of, answers(name)), "run `make findings`"


@long
@pytest.mark.parametrize("name", SAMPLE)
def test_the_explorer_confirms_what_is_found_out(name: str) -> None:
    told = survey(source(name), answers(name), STATES)
    assert not told.wrong
    assert told.confirmed > told.left_open


def test_a_claim_that_is_wrong_is_seen() -> None:
    told = Survey()
    told.compare("x", Verdict.PROVED, Verdict.REFUTED)
    told.compare("x", Verdict.PROVED, Verdict.UNKNOWN)
    told.compare("x", Verdict.PROVED, Verdict.PROVED)
    assert (told.confirmed, told.left_open, len(told.wrong)) == (1, 1, 1)
