"""`check-invariant`: an invariant in a file, judged by what a protocol says."""

from functools import partial

from smtmodel import pipeline
from smtmodel.documents.plain import one_line
from smtmodel.documents.unbounded import certificate_text, scope_text
from smtmodel.language.checked import Checked
from smtmodel.solving.any_number import KnownBeyond, checked_again
from smtmodel.solving.question import question
from smtmodel.solving.result import Limits
from smtmodel.source.record import record
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Status, Verdict, status_of, worst
from smtmodel.work.session import Session


@record
class CheckedInvariant:
    """What is said about an invariant, and of a bug of ours what it is and where."""

    lines: tuple[str, ...]
    status: Status
    bug: tuple[str, str] | tuple[()] = ()


def checked_invariant(
    session: Session, file: str, path: str, *, words: bool
) -> CheckedInvariant | Refusal:
    """What the invariant in a file shows about a protocol; with `words` also what it says."""
    subject = pipeline.subject(file, "sc", (), ())
    if isinstance(subject, Refusal):
        return subject
    try:
        with open(path, encoding="utf-8") as opened:
            text = opened.read()
    except OSError as error:
        return Refusal(path, one_line(f"cannot read {path}: {error.strerror}"))
    except UnicodeDecodeError:
        return Refusal(path, one_line(f"{path} is no text"))
    protocol = subject.checked
    work = partial(checked_again, text=text)
    answered = session.run(question(protocol, "sc", Limits(), None, work))
    trouble = answered.trouble
    if trouble is not None and trouble.cause is Cause.CONTRADICTION:
        return CheckedInvariant((), Status.CONTRADICTION, (trouble.reason, trouble.traceback))
    found = [one for one in answered.found if isinstance(one, KnownBeyond | str)]
    refused = [one for one in found if isinstance(one, str)]
    if refused:
        return Refusal(path, f"{path}: {refused[0]}")
    abouts = [one for one in found if isinstance(one, KnownBeyond)]
    if trouble is not None or not abouts:
        reason = "it claims nothing" if trouble is None else trouble.reason
        return CheckedInvariant((f"{path}: {reason}",), status_of(Verdict.UNKNOWN, Cause.NONE))
    lines = [_line(protocol, one) for one in abouts]
    known = [one.known.certificate for one in abouts if words]
    said = dict.fromkeys(line for one in known if one is not None for line in one.words)
    lines += ["", "In words:", *(f"    {line}" for line in said)] if said else []
    return CheckedInvariant(tuple(lines), worst(map(_status, abouts)))


def _line(protocol: Checked, about: KnownBeyond) -> str:
    known, certificate = about.known, about.known.certificate
    if certificate is None:
        return f"NOT SHOWN {protocol.called}: {about.name}: {known.reason}"
    scope = scope_text(protocol, protocol.bounds, certificate)
    shown = certificate_text(certificate)
    return f"SHOWN {protocol.called}: {about.name}, for {scope}, by {shown}"


def _status(about: KnownBeyond) -> Status:
    if about.known.contradicts:
        return Status.CONTRADICTION
    return Status.GOOD if about.known.proved else status_of(Verdict.UNKNOWN, Cause.NONE)
