"""The document about an outcome: what was found, and what of it was proved.

Takes what was found out about a protocol; gives a `Document`. Knows no widths, colours or files.
"""

from smtmodel.documents import beyond, opinions, options, unbounded
from smtmodel.documents import document as doc
from smtmodel.documents.annotations import annotations
from smtmodel.documents.answer import Answer, ReportPart, versions_of
from smtmodel.documents.document import spans
from smtmodel.documents.proof import proofs
from smtmodel.documents.scope import bound_list, bounds_text, counted
from smtmodel.documents.table import Table, folded, table_of
from smtmodel.documents.why import banner, stated, why_texts
from smtmodel.language.checked import Checked
from smtmodel.models import unless_default
from smtmodel.solving.result import Outcome, Result, Run
from smtmodel.source.record import record, replace
from smtmodel.verdict import Cause, Verdict


def report_of(
    part: ReportPart,
    *,
    witnesses: bool = False,
    scenes: bool = False,
    folds: bool = False,
    words: bool = False,
) -> doc.Document:
    """The report of a part.

    Where verdicts are expected it shows what is not as expected and proves nothing; else
    everything, and with `witnesses` also the runs that reach the goals. With `scenes` every run
    is made into a picture. `folds`: a long beginning of a run in which one lane runs alone is one
    row. With `words` it has what invariants say.
    """
    protocol, outcome, context = part.protocol, part.outcome, part.context
    findings = _Findings(part, scenes, folds, [], [], {})
    for number, result in enumerate(outcome.results):
        if _is_shown(part, number, witnesses=witnesses):
            findings.add(result)
    blocks: list[doc.Block] = []
    for finding in findings.blocks:
        blocks.append(finding)
        blocks += findings.accounts.get(finding.names[0], ())
    blocks += proofs(part, words=words) if part.expected is None else []
    about = doc.About(
        protocol.text.name,
        context.given,
        context.file,
        protocol.name,
        protocol.variant,
        outcome.model,
        protocol.title or "",
    )
    replayed = any(one.run is not None for one in findings.blocks)
    repeated = bool(findings.accounts)
    versions = versions_of(protocol, context, replayed=replayed, repeated=repeated)
    return doc.Document(
        "prove",
        tuple(blocks),
        tuple(_result_line(part, number) for number in range(len(outcome.results))),
        versions if blocks else None,
        (protocol.text,),
        about,
        tuple(annotations(outcome.results, outcome.model, part.expected, protocol.variant)),
        outcome.obligations,
    )


def beginning(report: doc.Document) -> doc.Document:
    """What of a report does not depend on what is known for any number of updates: the findings,
    and the verdicts that head the first proof."""
    heads = (number for number, one in enumerate(report.blocks) if isinstance(one, doc.Proof))
    first = next(heads, None)
    if first is None:
        return replace(report, results=(), versions=None, about=None)
    proof = report.blocks[first]
    assert isinstance(proof, doc.Proof)
    blocks = (*report.blocks[:first], replace(proof, parts=()))
    return replace(report, blocks=blocks, results=(), versions=None, about=None)


def documents_of(
    answer: Answer, *, witnesses: bool = False, scenes: bool = False
) -> tuple[doc.Document, ...]:
    """The documents of an answer: its reports and analyses, or its review as one."""
    if answer.review is not None:
        from smtmodel.documents.review import review_of

        reports = [report_of(part, scenes=scenes, words=True) for part in answer.parts]
        return (review_of(answer.review, reports),)
    reports = [
        report_of(part, witnesses=witnesses, scenes=scenes, words=True) for part in answer.parts
    ]
    return (*reports, *(one.document for one in answer.analyses))


def _is_shown(part: ReportPart, number: int, *, witnesses: bool) -> bool:
    result = part.outcome.results[number]
    if part.expected is not None:
        return not part.expected[number].met(result)
    shows = result.run is not None or result.account is not None
    return result.verdict is not Verdict.PROVED or (witnesses and shows)


def _result_line(part: ReportPart, number: int) -> doc.ResultLine:
    result = part.outcome.results[number]
    expected = part.expected is not None and part.expected[number].met(result)
    ending = _ending(part, number)
    name = part.context.file
    return doc.ResultLine(name, result.name, result.verdict, result.seconds, ending, expected)


def _ending(part: ReportPart, number: int) -> str:
    """What the line of a result adds."""
    result, model = part.outcome.results[number], part.outcome.model
    wanted = None if part.expected is None else part.expected[number]
    met = wanted is None or wanted.met(result)
    doubt = "" if result.run is None else result.run.doubt
    words = (
        unless_default(model, f"under {model}"),
        "" if met or wanted is None else f"expected {wanted.text}",
        f"run {doubt}" if doubt else "",
        opinions.ending(result),
        beyond.ending(result),
        unbounded.ending(result),
    )
    return ", ".join(filter(None, words))


# ---------------------------------------------------------------- findings


@record(frozen=False)
class _Findings:
    """The findings so far, those without a run of which the same is said as one."""

    part: ReportPart
    scenes: bool
    folds: bool
    blocks: list[doc.Evidence]
    runs: list[tuple[Table, str]]
    accounts: dict[str, tuple[doc.Block, ...]]

    def add(self, result: Result) -> None:
        """Add what there is to show of a property."""
        finding = self._finding(result)
        if result.account is not None:
            from smtmodel.documents.account import blocks_of

            self.accounts[result.name] = blocks_of(result.account, scenes=self.scenes)
            self.blocks.append(finding)
            return
        for place, one in enumerate(self.blocks):
            told = one.names[0] in self.accounts
            if one.run is None and not told and finding == replace(one, names=finding.names):
                self.blocks[place] = replace(one, names=(*one.names, *finding.names))
                return
        self.blocks.append(finding)

    def _finding(self, result: Result) -> doc.Evidence:
        part, run = self.part, result.run
        file, outcome = part.context.file, part.outcome
        notes = tuple(map(spans, _notes(result)))
        if run is None:
            bounds = bounds_text(part.protocol, outcome.bounds)
            scope = spans(f", for {bounds} ({outcome.model})")
            return doc.Evidence(result.verdict, file, (result.name,), scope, notes)
        scope = _run_scope(part.protocol, outcome, run)
        if result.verdict is Verdict.PROVED:
            scope = spans(", reached", scope)
        table = table_of(run.trace)
        same = next((name for known, name in self.runs if known == table), "")
        self.runs.append((table, result.name))
        replay = options.replaying(part.protocol, part.context.words, run, outcome.model)
        text = stated(part.protocol, result.name)
        if self.folds:
            table = folded(run.trace, table, _explained(run))
        ordering = doc.Ordering(table, banner(result), replay, why_texts(run), same, text)
        finding = doc.Evidence(result.verdict, file, (result.name,), scope, notes, ordering)
        return _drawn(part, run, finding) if self.scenes and not same else finding


def _run_scope(protocol: Checked, outcome: Outcome, run: Run) -> doc.Spans:
    """How large a run is, and under which model it can be."""
    size = ", ".join([*bound_list(protocol, run.bounds), counted(run.steps, "steps")])
    model = unless_default(outcome.model, f"{outcome.model}, ")
    return spans(f"  ({model}{'a run' if run.doubt else 'smallest run'}: {size})")


def _explained(run: Run) -> frozenset[int]:
    """The steps by their numbers that the sentence about why it goes wrong names."""
    facts = () if run.why is None else run.why.facts
    return frozenset(one.number for fact in facts for one in fact if one.number is not None)


def _drawn(part: ReportPart, run: Run, finding: doc.Evidence) -> doc.Evidence:
    from smtmodel.documents.scene import scene_of
    from smtmodel.models import model

    buffers = model(part.outcome.model).store_buffers
    return replace(finding, scene=scene_of(part.protocol, run, buffers=buffers))


def _notes(result: Result) -> tuple[str, ...]:
    reasons = filter(None, (result.reason, unbounded.lacking(result)))
    notes = tuple(f"Reason:  {one}" for one in reasons)
    if result.run is not None and result.run.doubt:
        notes = (*notes, f"The run is {result.run.doubt}.")
    if result.cause is Cause.CONTRADICTION:
        request = "this is a bug of smtmodel: please report it, with the protocol"
        return (*notes, request)
    return notes
