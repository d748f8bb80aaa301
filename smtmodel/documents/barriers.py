"""Which barriers and marks the proofs of a protocol need: the answer of `needed` under lkmm.

First what is needed and what is superfluous, a sentence each; then what goes wrong with less.
"""

from collections.abc import Callable, Sequence

from smtmodel.analysis.barriers import Orderer, Weaker
from smtmodel.analysis.needed import Attempt, Needs, effect
from smtmodel.analysis.strengths import AtOnce, Attempted, Strength, Strengths
from smtmodel.analysis.words import Necessity
from smtmodel.documents import document as doc
from smtmodel.documents.answer import Analysis, Context, versions_of
from smtmodel.documents.document import CodeSpan, Spans, StepSpan, joined, spans
from smtmodel.documents.leaning import listed
from smtmodel.documents.needed import extents, saved_needs, unproved
from smtmodel.documents.scope import bounds_text
from smtmodel.language.checked import DATA_RACE

LIMITED = (
    "With more updates or lanes more may be needed; and what orders may have a purpose that no"
    " property states."
)
ALONE = "each alone, with all else as it is"
NOTHING = "Nothing in its text orders accesses: there is neither a barrier nor a mark."


def barriers_document(needs: Needs, strengths: Strengths, context: Context) -> Analysis:
    """The answer about what was tried."""
    protocol, outcome = needs.protocol, needs.outcome
    scope = bounds_text(protocol, outcome.bounds, extents(needs))
    about = "which barriers and marks its proofs need"
    title = spans(f"{context.file}: {about}, for {scope} ({outcome.model})")
    blocks: list[doc.Block] = [doc.Title("NEEDED", title), *unproved(needs)]
    if needs.names:
        blocks += told(strengths)
        blocks.append(doc.say(LIMITED, label="At these bounds"))
    repeated = any(one.account for each in needs.attempts for one in each.results)
    made = versions_of(protocol, context, repeated=repeated)
    under = f"under {outcome.model}"
    lines = tuple(
        doc.ResultLine(context.file, one.name, one.verdict, one.seconds, under)
        for one in outcome.results
    )
    document = doc.Document("needed", tuple(blocks), lines, made, (protocol.text,))
    return Analysis(document, saved_needs(needs))


def told(strengths: Strengths) -> list[doc.Block]:
    """What is needed, what is superfluous, what weaker would do, and what is not known."""
    places = strengths.places
    if not places:
        return [doc.say(NOTHING)]
    needed = [one for one in places if one.is_needed]
    spare = [one for one in places if one.suffices and not one.suffices[0].text]
    weaker = [one for one in places if one.suffices and one.suffices[0].text]
    blocks: list[doc.Block] = [
        *_listed("Needed", needed, _place),
        *_listed("Superfluous", spare, _place, ALONE),
        *_listed("Too strong", weaker, _instead, ALONE),
        *_rows("what goes wrong with less:", places, _broken),
        *_rows("not known:", places, _unknown),
        *_rows("not tried, because the rest is no protocol:", places, _refused),
    ]
    if strengths.at_once is not None:
        blocks.append(_at_once(strengths.at_once))
    return blocks


# ---------------------------------------------------------------- sentences


def _listed(
    label: str, places: Sequence[Strength], text: Callable[[Strength], Spans], how: str = ""
) -> list[doc.Block]:
    """Barriers one by one, then marks."""
    if not places:
        return []
    ordered = sorted(places, key=lambda one: one.orderer.is_mark)
    ending = f" ({how})" if how else ""
    return [doc.say(joined("; ", map(text, ordered)), f"{ending}.", label=label)]


def _place(one: Strength) -> Spans:
    return _step(one.orderer)


def _step(orderer: Orderer) -> Spans:
    """A step, of a read section with its end."""
    ends = " ".join(one.name for one in orderer.ends)
    text = CodeSpan(orderer.place.text)
    return spans(f"{orderer.place.name} ", text, f" with {ends}" if ends else "")


def _instead(one: Strength) -> Spans:
    """What would do."""
    return joined(" or ", [_as(one.orderer, weaker) for weaker in one.suffices])


def _as(orderer: Orderer, weaker: Weaker) -> Spans:
    if not weaker.text:
        return spans(_step(orderer), " left out")
    return spans(_step(orderer), " as ", CodeSpan(weaker.text))


def _at_once(at_once: AtOnce) -> doc.Block:
    """What may be weaker in several places."""
    places = joined("; ", [_as(*one) for one in at_once.places])
    if not at_once.others:
        return doc.say(
            "all of it at once leaves every proof as it is: ", places, ".", label="Together"
        )
    others = [
        spans(_as(orderer, weaker), " not known" if effect is Necessity.UNKNOWN else "")
        for orderer, weaker, effect in at_once.others
    ]
    return doc.say(
        "these leave every proof as it is: ",
        places,
        "; beside them not: ",
        joined("; ", others),
        ".",
        label="Together",
    )


# ---------------------------------------------------------------- rows


def _rows(
    heading: str, places: Sequence[Strength], words: Callable[[Attempted], str]
) -> list[doc.Block]:
    rows = [
        doc.row(
            one.orderer.place.name,
            StepSpan(one.orderer.place.text),
            _change(one.orderer, tried.weaker),
            words(tried),
        )
        for one in places
        for tried in one.tried
        if words(tried)
    ]
    return [doc.Rows(spans(heading), tuple(rows))] if rows else []


def _change(orderer: Orderer, weaker: Weaker) -> Spans:
    if weaker.text:
        return spans("as ", CodeSpan(weaker.text))
    ends = " ".join(one.name for one in orderer.ends)
    return spans(f"left out, with {ends}" if ends else "left out")


def _broken(tried: Attempted) -> str:
    """Which property is refuted, or why nothing is said any more."""
    refuted = _reasons(tried.attempt, Necessity.NEEDED)
    return refuted or _reasons(tried.attempt, Necessity.USELESS)


def _unknown(tried: Attempted) -> str:
    if tried.effect is not Necessity.UNKNOWN:
        return ""
    return _reasons(tried.attempt, Necessity.UNKNOWN)


def _refused(tried: Attempted) -> str:
    return tried.attempt.variant.refused


def _reasons(attempt: Attempt, wanted: Necessity) -> str:
    """The properties of which a change has that effect, and why."""
    own = [one for one in attempt.results if effect(one) is wanted]
    if wanted is Necessity.NEEDED and own:
        race = [f"{DATA_RACE}: {one.reason}" for one in own if one.name == DATA_RACE]
        return race[0] if race else f"{listed(one.name for one in own)} refuted"
    return "; ".join(f"{one.name}: {one.reason}" for one in own)
