"""LKMM: which events there are, read sections, dependencies."""

from collections.abc import Iterable

from smtmodel.models.terms import (
    EXT,
    LOC,
    PO,
    RF,
    AnyIn,
    Base,
    Defined,
    Difference,
    Domain,
    Events,
    EventSet,
    Except,
    Intersection,
    Named,
    NamedSet,
    Nested,
    Optional,
    Outside,
    Range,
    Relation,
    Star,
    Union,
    then,
)

Entry = tuple[str, Relation | EventSet, str]


def defined(source: str, *entries: Entry) -> tuple[Defined, ...]:
    return tuple(Defined(name, term, reason, source) for name, term, reason in entries)


def fenced(fence: EventSet) -> Relation:
    """Pairs with such a fence between them."""
    return then(PO, fence, PO)


def events(*names: str) -> Iterable[Events]:
    return map(Events, names)


RMW, IW = events("RMW", "IW")
DATA, INT, IDENTITY = map(Base, ("data", "int", "id"))
LKR, LKW, UL, LF, RL, RU = events("LKR", "LKW", "UL", "LF", "RL", "RU")
LOCK_EVENTS = AnyIn((LKR, LKW, UL, LF, RL, RU))
SRCU_LOCK, SRCU_UNLOCK = events("Srcu-lock", "Srcu-unlock")
SYNC_RCU, SYNC_SRCU = events("Sync-rcu", "Sync-srcu")
RFI, RFE, PO_LOC = Intersection(RF, INT), Intersection(RF, EXT), Intersection(PO, LOC)
PO_OR_SAME = Optional(PO)


R, W, M = map(NamedSet, ("R", "W", "M"))
MARKED, PLAIN, FAILED = map(NamedSet, ("Marked", "Plain", "FailedRMW"))
ACQUIRE, RELEASE, MB, NORETURN = map(NamedSet, ("Acquire", "Release", "Mb", "Noreturn"))
ACQUIRES, RELEASES = map(NamedSet, ("acquire-or-lock", "release-or-unlock"))
R4RMB = NamedSet("R4rmb")
PAIRED = Named("rmw")

EVENTS = (
    *defined(
        "lock.cat; explanation.txt, LOCKING",
        ("R", AnyIn((Events("R"), LKR, LF, RL, RU)), "taking a lock and looking at it read it"),
        ("W", AnyIn((Events("W"), LKW, UL)), "taking and releasing a lock write it"),
        ("M", AnyIn((R, W)), "accesses to memory"),
        ("acquire-or-lock", AnyIn((Events("Acquire"), LKR)), "taking a lock is an acquire"),
        ("release-or-unlock", AnyIn((Events("Release"), UL)), "releasing a lock is a release"),
        (
            "rmw",
            Union((Base("rmw"), Difference(then(LKR, PO_LOC, LKW), then(PO, PO)))),
            "taking a lock is a read-modify-write",
        ),
    ),
    *defined(
        "linux-kernel.cat; Documentation/atomic_t.txt, ORDERING",
        (
            "FailedRMW",
            Except(RMW, AnyIn((Domain(PAIRED), Range(PAIRED)))),
            "a read-modify-write that fails only reads, and orders nothing",
        ),
        ("Acquire", Except(Except(ACQUIRES, W), FAILED), "what is an acquire is so by its read"),
        ("Release", Except(Except(RELEASES, R), FAILED), "what is a release is so by its write"),
        ("Mb", Except(Events("Mb"), FAILED), "full barriers, and operations that are one"),
        ("Noreturn", Except(Events("Noreturn"), W), "reads whose value nobody gets"),
        (
            "R4rmb",
            Except(R, NORETURN),
            "no read barrier orders reads without a value",
        ),
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, PLAIN ACCESSES AND DATA RACES",
        (
            "Marked",
            AnyIn(
                (
                    *(Outside(M), IW, Events("Once"), RELEASES, ACQUIRES, Events("Mb"), RMW),
                    *(LKW, LF, RL, RU, SRCU_LOCK, SRCU_UNLOCK),
                )
            ),
            "what the compiler may neither tear nor leave out; all but accesses too",
        ),
        ("Plain", Except(M, MARKED), "accesses of which the compiler may make others"),
    ),
)


CARRY_SRCU, COOKIE = Named("carry-srcu-data"), Named("pass-cookie")
SRCU_RSCS, RCU_RSCS = Named("srcu-rscs"), Named("rcu-rscs")
CARRY = Named("carry-dep")
ADDR, CARRIED_DATA, CTRL = map(Named, ("carried-addr", "carried-data", "carried-ctrl"))

DEPENDENCIES = (
    *defined(
        "linux-kernel.bell; explanation.txt, RCU RELATIONS",
        (
            "rcu-rscs",
            Nested(Events("Rcu-lock"), Events("Rcu-unlock")),
            "read sections nest; each unlock ends the section begun last",
        ),
    ),
    *defined(
        "linux-kernel.bell; explanation.txt, SRCU READ-SIDE CRITICAL SECTIONS",
        (
            "carry-srcu-data",
            Star(then(DATA, Outside(SRCU_UNLOCK), RF)),
            "a cookie may be passed on through memory",
        ),
        ("pass-cookie", then(CARRY_SRCU, DATA), "from where a value is read to where it is used"),
        (
            "srcu-rscs",
            Intersection(then(SRCU_LOCK, COOKIE, SRCU_UNLOCK), LOC),
            "an unlock ends the section whose cookie it is given",
        ),
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, DEPENDENCY RELATIONS: data, addr, and ctrl",
        (
            "carry-dep",
            Star(then(DATA, Outside(SRCU_UNLOCK), RFI)),
            "a lane may keep a value in memory that it reads back",
        ),
        ("carried-addr", then(CARRY, Base("addr")), "the address depends on what was read"),
        ("carried-ctrl", then(CARRY, Base("ctrl")), "whether it happens depends on it"),
        ("carried-data", then(CARRY, DATA), "the value written depends on it"),
    ),
)
