"""`check-invariant`: an invariant in a file, judged by what a protocol says."""

from functools import partial

from smtmodel import __version__, pipeline
from smtmodel.documents.unbounded import certificate_text, scope_text
from smtmodel.language.checked import Checked
from smtmodel.solving.any_number import KnownBeyond, checked_again
from smtmodel.solving.question import question
from smtmodel.solving.result import Limits
from smtmodel.source.diagnostic import Diagnostic
from smtmodel.source.read import read
from smtmodel.source.record import record
from smtmodel.source.refusal import Refusal
from smtmodel.source.text import Text
from smtmodel.verdict import Cause, Status, Verdict, status_of, worst
from smtmodel.work.session import Session

LIMIT = 64 * 1024 * 1024
"""Bytes of the longest invariant."""


@record
class CheckedInvariant:
    """What an invariant in the file `path` shows of each property that it claims, or the reason why
    nothing is known; of a bug of ours what it is and where."""

    protocol: Checked
    path: str
    claims: tuple[KnownBeyond, ...]
    status: Status
    reason: str = ""
    bug: tuple[str, str] | tuple[()] = ()

    def shown(self, form: str, *, words: bool) -> str:
        """The answer in one of the forms; with `words` people are told what the invariant says."""
        if form == "json":
            return _json(self)
        lines = self._lines(words=words)
        told = _listed(lines) if form == "markdown" else lines
        return "".join(f"{line}\n" for line in told)

    def _lines(self, *, words: bool) -> list[str]:
        if self.reason:
            return [f"{self.path}: {self.reason}"]
        lines = [_line(self.protocol, one) for one in self.claims]
        known = [one.known.certificate for one in self.claims if words]
        said = dict.fromkeys(one.words for one in known if one is not None)
        told = [f"    {line}" for one in said for line in one]
        return [*lines, "", "In words:", *told] if told else lines


def checked_invariant(session: Session, file: str, path: str) -> CheckedInvariant | Refusal:
    """What the invariant in a file shows about a protocol."""
    subject = pipeline.subject(file, "sc", (), ())
    if isinstance(subject, Refusal):
        return subject
    text = read(path, LIMIT)
    if isinstance(text, Diagnostic):
        return Refusal(path, diagnostics=(text,), text=Text(path, ""))
    protocol = subject.checked
    work = partial(checked_again, text=text.content)
    answered = session.run(question(protocol, "sc", Limits(), None, work))
    trouble = answered.trouble
    if trouble is not None and trouble.cause is Cause.CONTRADICTION:
        bug = trouble.reason, trouble.traceback
        return CheckedInvariant(protocol, path, (), Status.CONTRADICTION, trouble.reason, bug)
    found = [one for one in answered.found if isinstance(one, KnownBeyond | str)]
    refused = [one for one in found if isinstance(one, str)]
    if refused:
        return Refusal(path, f"{path}: {refused[0]}")
    claims = tuple(one for one in found if isinstance(one, KnownBeyond))
    if trouble is not None or not claims:
        reason = "it claims nothing" if trouble is None else trouble.reason
        status = status_of(Verdict.UNKNOWN, Cause.NONE)
        return CheckedInvariant(protocol, path, claims, status, reason)
    return CheckedInvariant(protocol, path, claims, worst(map(_status, claims)))


def _listed(lines: list[str]) -> list[str]:
    """The lines as a list in Markdown."""
    from smtmodel.documents.document import spans
    from smtmodel.formats.markdown import item

    return [item(spans(one)) for one in lines if one]


def _json(found: CheckedInvariant) -> str:
    import json

    from smtmodel.documents.json import saved_file, saved_unbounded
    from smtmodel.documents.wire.codec import encode
    from smtmodel.documents.wire.invariants import SavedClaim, SavedInvariant

    protocol = found.protocol
    claims = tuple(
        SavedClaim(one.name, _scope(protocol, one), saved_unbounded(one.known))
        for one in found.claims
    )
    file = saved_file(protocol)
    command = "check-invariant"
    saved = SavedInvariant(
        __version__, command, found.status, file, found.path, claims, found.reason
    )
    return json.dumps(encode(saved), indent=1) + "\n"


def _scope(protocol: Checked, about: KnownBeyond) -> str | None:
    certificate = about.known.certificate
    return None if certificate is None else scope_text(protocol, protocol.bounds, certificate)


def _line(protocol: Checked, about: KnownBeyond) -> str:
    known, certificate = about.known, about.known.certificate
    if certificate is None:
        return f"NOT SHOWN {protocol.called}: {about.name}: {known.reason}"
    scope = _scope(protocol, about)
    shown = certificate_text(certificate)
    return f"SHOWN {protocol.called}: {about.name}, for {scope}, by {shown}"


def _status(about: KnownBeyond) -> Status:
    if about.known.contradicts:
        return Status.CONTRADICTION
    return Status.GOOD if about.known.proved else status_of(Verdict.UNKNOWN, Cause.NONE)
