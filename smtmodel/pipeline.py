"""The stages in their order, from a file's name to what the protocol in it means.

Gives checked protocols at the bounds asked for, or a `Refusal` with what is wrong.
Prints nothing and ends nothing: that is `smtmodel.cli`. Each stage is imported when it is
first needed, so that `explain` does not pay for the parser nor `fmt` for the solver.
"""

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from smtmodel.source import Diagnostic, Text
from smtmodel.source.installed import place
from smtmodel.source.record import record, replace
from smtmodel.source.refusal import Refusal

if TYPE_CHECKING:
    from smtmodel.language import ast
    from smtmodel.language.checked import Checked
    from smtmodel.language.meanings import Meaning

ENDING = ".dsl"


# ---------------------------------------------------------------- files


def shipped() -> str:
    """The folder of the protocols that come with the tool, in a wheel or a checkout."""
    return place("protocols")


def locate(name: str) -> str | Refusal:
    """The path to read for a name: itself, standard input, or a shipped protocol."""
    if name == "-" or os.path.exists(name):
        return name
    if os.path.dirname(name) == "":
        for path in sorted(_below(shipped())):
            if os.path.basename(path) in (name, name + ENDING):
                return path
    return Refusal(name, f"no such file: {name}{_near(name)}")


def shipped_names() -> list[str]:
    """The names under which `locate` knows shipped protocols."""
    return sorted(os.path.basename(path) for path in _below(shipped()))


def _near(name: str) -> str:
    """A suggestion: a protocol in the same folder, or a shipped one, of a similar name; what is
    behind a colon is taken for its variant."""
    from smtmodel.language.suggest import suggest

    folder, last = os.path.split(name)
    file, colon, variant = last.partition(":")
    path = os.path.join(folder, file)
    if colon and not isinstance(locate(path), Refusal):
        return f"; `{variant}` may be a variant of {path}, which is the file"
    known = _protocols_in(folder or ".")
    if not folder:
        known += shipped_names()
    stem = os.path.splitext(file)[0]
    stems = [one.removesuffix(ENDING) for one in known]
    hint = f"did you mean `{stem}`?" if stem in stems else suggest(stem, stems)
    before = f"{folder}/" if folder else ""
    after = f"{ENDING}{colon}{variant}`?"
    return "; " + hint.replace("`", f"`{before}", 1).replace("`?", after) if hint else ""


def _protocols_in(folder: str) -> list[str]:
    try:
        return sorted(entry for entry in os.listdir(folder) if entry.endswith(ENDING))
    except OSError:
        return []


def protocols(paths: Sequence[str]) -> tuple[str, ...] | Refusal:
    """The files that `check` is about: folders give their protocols, in sorted order."""
    if not paths:
        if not os.path.isdir("protocols"):
            return Refusal("protocols", "no path given, and there is no folder `protocols` here")
        paths = ("protocols",)
    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
            continue
        inside = sorted(_below(path))
        if not inside:
            return Refusal(path, f"no protocol (*{ENDING}) in {path}")
        found.extend(inside)
    return tuple(dict.fromkeys(found))


def _below(folder: str) -> Iterable[str]:
    for root, _, files in os.walk(folder):
        yield from (os.path.join(root, file) for file in files if file.endswith(ENDING))


# ---------------------------------------------------------------- text to protocol


def read_text(name: str) -> Text | Refusal:
    """The text of a file, named as the user named it."""
    path = locate(name)
    if isinstance(path, Refusal):
        return path
    if os.path.isdir(path):
        return Refusal(name, f"{name} is a folder; `smtmodel check` takes folders")
    from smtmodel.source.read import read

    text = read(path)
    if isinstance(text, Diagnostic):
        return Refusal(name, diagnostics=(text,), text=Text(name, ""))
    return Text(name, text.content) if text.name != name else text


def raw(name: str, text: Text) -> str:
    """What stands in the file itself, line ends included; of standard input the text."""
    path = locate(name)
    if name == "-" or isinstance(path, Refusal):
        return text.content
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def load(name: str) -> "tuple[Meaning, ...] | Refusal":
    """What the protocols of a name mean: of a file with variants all, the default first, or the
    one that is named behind a colon."""
    file, variant = parted(name)
    text = read_text(file)
    return text if isinstance(text, Refusal) else meant(text, variant)


def parted(name: str) -> tuple[str, str]:
    """The file and the variant of a name; a file of that whole name goes first."""
    file, colon, variant = name.rpartition(":")
    if colon and isinstance(locate(name), Refusal) and not isinstance(locate(file), Refusal):
        return file, variant
    return name, ""


def meant(text: Text, variant: str = "") -> "tuple[Meaning, ...] | Refusal":
    """What the protocols of a text mean, or that of one variant."""
    from smtmodel.language.meanings import meanings

    found = meanings(text)
    wrong = tuple(one for one in found if isinstance(one, Diagnostic))
    if wrong:
        return Refusal(text.name, text=text, diagnostics=wrong)
    every = tuple(one for one in found if not isinstance(one, Diagnostic))
    own = tuple(one for one in every if variant in ("", one.variant))
    return own or _no_variant(text.name, variant, [one.variant for one in every])


def _no_variant(file: str, variant: str, known: Sequence[str]) -> Refusal:
    from smtmodel.language.suggest import suggest

    if known == [""]:
        return Refusal(file, f"{file} has no variants, so no `{variant}`")
    hint = suggest(variant, known) or "it has " + ", ".join(known)
    return Refusal(file, f"{file} has no variant `{variant}`; {hint}")


def checked(text: Text, variant: str = "") -> "Checked | Refusal":
    """The checked protocol of a text, or of one variant of it; by default of the first."""
    found = meant(text, variant)
    return found if isinstance(found, Refusal) else found[0].checked


def for_model(protocol: "Checked", model: str) -> "Checked | Refusal":
    """The same protocol, if the memory model exists and the protocol keeps its rules."""
    if model == "sc":
        return protocol
    from smtmodel.models import KERNEL, NAMES, instead

    if model not in NAMES:
        known = f"{instead(model)}there are {', '.join(NAMES)}"
        return Refusal(model, f"no memory model is called `{model}`; {known}")
    if model == KERNEL:
        return _for_kernel(protocol)
    from smtmodel.language.checks.outside_sc import outside_sc

    wrong = outside_sc(protocol)
    if protocol.variant:
        where = f", in `{protocol.variant}`"
        wrong = tuple(replace(one, message=one.message + where) for one in wrong)
    return Refusal(protocol.text.name, "", protocol.text, wrong) if wrong else protocol


def _for_kernel(protocol: "Checked") -> "Checked | Refusal":
    """The same with the properties that are judged under the kernel's memory model."""
    from smtmodel.litmus.written.supported import supported

    found = supported(protocol)
    if isinstance(found, Diagnostic):
        return Refusal(protocol.text.name, "", protocol.text, (found,))
    return found


def with_bounds(protocol: "Checked", asked: dict[str, int]) -> "Checked | Refusal":
    """The same protocol at the bounds of its file, except those that were asked for."""
    if not asked:
        return protocol
    from smtmodel.language import bounds

    found = bounds.with_bounds(protocol, asked)
    if isinstance(found, Diagnostic):
        hint = f"; {found.suggestion}" if found.suggestion else ""
        return Refusal(protocol.text.name, f"{protocol.text.name}: {found.message}{hint}")
    return replace(protocol, bounds=found)


def chosen(protocol: "Checked", only: Sequence[str]) -> frozenset[str] | Refusal | None:
    """The properties named on the command line; None means all."""
    if not only:
        return None
    known = [one.name for one in protocol.properties]
    for name in only:
        if name not in known:
            message = f"{protocol.called} has no property `{name}`; {_known(name, known)}"
            return Refusal(protocol.text.name, message)
    return frozenset(only)


def _known(name: str, known: Sequence[str]) -> str:
    from smtmodel.language.suggest import suggest

    return suggest(name, known) or "it has " + ", ".join(known)


@record
class Having:
    """The variants of a file that have the properties that were asked for, and what the others
    are called."""

    able: "tuple[Meaning, ...]"
    others: tuple[str, ...]

    def left_out(self, only: Sequence[str]) -> str:
        """What is said of the others; nothing if there are none."""
        if not self.others:
            return ""
        words = " or no ".join(f"`{one}`" for one in only)
        return f"{', '.join(self.others)} left out: no {words} there"


def having(name: str, found: "Sequence[Meaning]", only: Sequence[str]) -> Having | Refusal:
    """Of the protocols of a name those that have all of these properties; there has to be one."""
    able = tuple(one for one in found if not isinstance(chosen(one.checked, only), Refusal))
    if able:
        others = (one.checked.called for one in found if one not in able)
        return Having(able, tuple(os.path.basename(one) for one in others))
    if len(found) == 1:
        refusal = chosen(found[0].checked, only)
        assert isinstance(refusal, Refusal)
        return refusal
    known = {item.name: None for one in found for item in one.checked.properties}
    for own in only:
        if own not in known:
            hint = _known(own, list(known))
            return Refusal(name, f"no variant of {name} has a property `{own}`; {hint}")
    words = " and ".join(f"`{one}`" for one in only)
    return Refusal(name, f"no variant of {name} has {words} together")


@record
class Subject:
    """A protocol as parsed and as checked, at the bounds that were asked for; `name` is what
    reports call it."""

    name: str
    text: Text
    parsed: "ast.Protocol"
    checked: "Checked"
    only: frozenset[str] | None


def subject(
    name: str,
    model: str,
    bounds: Iterable[tuple[str, int]],
    only: Sequence[str] = (),
    *,
    machine: bool = True,
) -> Subject | Refusal:
    """The protocol of a file, by default its first, ready to be asked about."""
    found = load(name)
    if isinstance(found, Refusal):
        return found
    return asked(found[0], model, bounds, only, machine=machine)


def asked(
    found: "Meaning",
    model: str,
    bounds: Iterable[tuple[str, int]],
    only: Sequence[str] = (),
    *,
    machine: bool = True,
) -> Subject | Refusal:
    """A protocol, ready to be asked about; `machine`: what is asked needs a model with one."""
    from smtmodel.models import KERNEL

    if machine and model == KERNEL:
        return Refusal(model, f"`{model}` has no machine, whose runs are told here")
    able = for_model(found.checked, model)
    bounded = able if isinstance(able, Refusal) else with_bounds(able, dict(bounds))
    if isinstance(bounded, Refusal):
        return bounded
    names = chosen(bounded, only)
    if isinstance(names, Refusal):
        return names
    return Subject(bounded.called, bounded.text, found.parsed, bounded, names)
