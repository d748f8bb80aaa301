"""What C writers type by habit is refused with what to write here instead."""

import re

import pytest

from smtmodel.language.absent import HINTS
from smtmodel.language.ast import Protocol
from smtmodel.language.parse import parse
from smtmodel.language.prelude import prelude
from smtmodel.language.primitives import PRIMITIVES
from smtmodel.source import Text
from tests.support.front import block, diagnose


def hints(content: str) -> list[str]:
    """The suggestions of everything that is wrong with a text."""
    return [one.suggestion for one in diagnose(content)]


SEMAPHORE = "there are no counting semaphores: `mutex` is one of 1, and `rwsem` has two sides"
ITEMS = {
    "u64 generation;": "write `shared generation = 0`",
    "int x = 5": "write `shared x = 5`",
    "u8 gen = 255;": "write `shared gen: bits 8 = 255`",
    "unsigned short seq[2];": "write `shared seq[2]: bits 16 = 0`",
    "struct s { u8 a; }": "write `: bits 8` behind the name, and no type before it",
    "static unsigned long seq[2];": "write `shared seq[2] = 0`",
    "seqcount_t seq": "write `shared seq = 0`",
    "atomic_t users = ATOMIC_INIT(0);": "write `shared users = 0`",
    "struct kvm *kvm;": "write `shared kvm: kvm = null`",
    "spinlock_t lock;": "write `spinlock lock`",
    "wait_queue_head_t wq;": "write `waitqueue wq`",
    "DECLARE_WAIT_QUEUE_HEAD(wq);": "write `waitqueue wq`",
    "struct mutex slots_lock": "write `mutex slots_lock`",
    "struct srcu_struct srcu;": "write `srcu srcu`",
    "DEFINE_STATIC_SRCU(srcu);": "write `srcu srcu`",
    "void f(void) { }": "code is a block: write `update f { … }`, or `fault` or `thread`",
    "struct s { u64 a; }": "leave the type out: a number has none",
    "struct s { a; b }": "write `,`",
    "struct s { struct s *next }": "write `next: s`",
    "shared bool on = 0": "leave the type out: a number has none",
    "# a comment": "a comment begins with `//`",
    "#ifdef FLAG": "leave it out: no part of a text is left out by a condition",
    "#define FLAG 1": "a name for a number is declared by `const NAME = …`",
    "struct semaphore sem;": SEMAPHORE,
    "struct rw_semaphore sem;": "write `rwsem sem`",
    "DECLARE_RWSEM(sem);": "write `rwsem sem`",
    "struct completion done;": (
        "there are no completions: write `shared done = 0` and `waitqueue q`"
    ),
    "struct pair both;": "write `shared both { … } = { … }`, with its fields",
    "shared x": "write `shared x = 0`: a variable has a value from the start",
    "shared x;": "write `shared x = 0`: a variable has a value from the start",
    "shared x, y": "write `shared x = 0`: a variable has a value from the start",
    "ghost g;": "write `ghost g = 0`: a variable has a value from the start",
    "rcu q;": "write `rcu q: STRUCT = null`: it is a pointer, and has a value from the start",
    "word w;": "write `word w { … } = { … }`: its fields have values from the start",
    "const N;": "write `const N = …`",
    "shared a[2];": "write `= …` behind it: what is declared has a value from the start",
    "word w { f } = { .f = 0 }": "write `f: …`",
    "word w { f } = { f = 0 }": "write `f: …`",
    "never bad: x => 1 always": "at least is `>=`; that `a` implies `b` is `!a || b`",
    # What is no habit of C keeps its own suggestion.
    "sharde x = 0": "did you mean `shared`?",
}
RETURN = "write `return`, which ends the block; what a `define` gives it says by `yield`"
STEPS = {
    "u64 gen = x": "write `gen = …`, without a type",
    "u8 gen = x": "write `gen = …`, without a type; it has no end here",
    "int r;": "leave it out: `r` begins with its first assignment",
    "struct node *new = p": "write `new = …`, without a type",
    "do { x = 1 } while (x == 0)": "a loop has a bound: write `retry N { … } until (…)`",
    "retry { x = 1 } until (x == 1)": "a loop has a bound: write `retry N { … } until (…)`",
    "while (x == 0) { }": "a loop has a bound: write `while N (…) { … }`",
    "for (i = 0; i < 2; i++) { }": "a loop has a bound: write `while N (…) { … }`",
    "goto out": "there are no jumps: write it with `if` and `else`, or end the block with `return`",
    "continue;": "write the rest of the round in `if (…) { … }`",
    "switch (x) { }": "write it with `if` and `else if`",
    "return 0;": RETURN,
    "return x;": RETURN,
    "return -1": RETURN,
    "x |= 1": "write `x = x | …`",
    "x == 1": "did you mean `=`?",
    "y = *p": "a pointer is followed by naming the field: `p.f`",
    "copy = x.copy": "`copy` begins a step: choose another name",
    "unreachable()": "leave `()` out: `unreachable` stands alone",
    "wait = 1": "`wait` begins a step: choose another name",
    "return = 1": "`return` begins a step: choose another name",
    "if x == 1 { y = 1 }": "a condition stands in parentheses: `(…)`",
    "while 2 x == 1 { y = 1 }": "a condition stands in parentheses: `(…)`",
    "retry 2 { y = 1 } until x == 1": "a condition stands in parentheses: `(…)`",
    "wait until x == 1": "a condition stands in parentheses: `(…)`",
    "if (x => 1) { y = 1 }": "at least is `>=`; that `a` implies `b` is `!a || b`",
    "if (x =< 1) { y = 1 }": "at most is `<=`",
    "x := 1": "did you mean `=`?",
    "x &= 1": "write `x = x & …`",
    "x = y and 1": "`and` is written `&&`",
    "if (not x) y = 1": "`not` is written `!`",
    "if (x == 1) then y = 1": "leave `then` out",
    "w = { .gen = 0, .busy = 0 }": "write `gen: …`",
    "w = { gen = 0, busy = 0 }": "write `gen: …`",
    "w = { 0, 0 }": "name each field: `{ field: 0 }`",
    "p = NULL": "write `null`",
    "x = true": "write `1`",
    "if (unlikely(x == 1)) return": "leave it out, and write its condition alone",
    "q = srcu_dereference(p, &d)\nx = q.data": "write `rcu_dereference(p)`, with the pointer alone",
    "BUG_ON(x == 1)": "write `assert` and what must hold, which is the opposite",
    "// a struct node of its own\neither x = 1 or { }": "",
    # A block that was not closed is no declaration of C.
    "struct s { a }": "close the block before it with `}`",
    "const N = 1": "close the block before it with `}`",
    "retyr 2 { x = 1 } until (x == 1)": "did you mean `retry`?",
}


@pytest.mark.parametrize("text", ITEMS)
def test_a_declaration_of_c(text: str) -> None:
    assert hints(f"protocol p\n{text}\n") == [ITEMS[text]]


@pytest.mark.parametrize("text", STEPS)
def test_a_step_of_c(text: str) -> None:
    assert hints(block(text)) == [STEPS[text]]


def test_a_semicolon_after_a_declaration_or_a_block_is_ignored() -> None:
    content = """\
protocol p;
struct s { a };
shared x = 0;
mutex m;
update u { x = 1; };
never bad: x == 2 always;
bounds updates 1;
expect bad proved;
"""
    with_, without = (parse(Text("p.dsl", one)) for one in (content, content.replace(";", " ")))
    assert isinstance(with_, Protocol)
    assert with_ == without


def test_a_declaration_that_never_ends_gets_a_short_answer() -> None:
    (found,) = diagnose("protocol p\n" + "unsigned " * 100_000)
    assert len(found.message) + len(found.suggestion) < 500


def test_two_semicolons_are_one_too_many() -> None:
    assert [one.code.name for one in diagnose("protocol p\nshared x = 0;;\n")] == ["E101"]


SPELT = {
    "READ_ONEC": "did you mean `READ_ONCE`?",
    "synchronise_rcu": "did you mean `synchronize_rcu`?",
    "atomic_try_cmpxchng": "did you mean `atomic_try_cmpxchg`?",
    "kmalloc": "write `alloc` and the name of the struct, which never fails",
    "kzalloc": (
        "write `alloc` and the name of the struct, which never fails, and then 0 into its fields"
    ),
    "kmem_cache_free": "write `kfree(p)`, which also takes null",
    "schedule": "write `wait until (…)` and what ends the sleep: no wake-up is lost here",
    "write_sequnlock": "write `write_seqcount_end(s)`, then `spin_unlock(l)`",
    "kref_put": "write `refcount_dec_and_test(r)` as a condition, and what the release does",
}
MEANING_SOMETHING_ELSE = (
    "get_state_synchronize_rcu",
    "cond_synchronize_rcu",
    "rcu_barrier",
    "refcount_dec",
    "refcount_add",
    "refcount_sub_and_test",
    "atomic_and",
    "atomic_or",
    "atomic_add_unless",
    "atomic_inc_and_test",
    "down_trylock",
    "smp_mb__after_spinlock",
    "smp_cond_load_acquire",
    "dma_wmb",
    "xchg_local",
    "mutex_lock_interruptible",
    "rcu_read_lock_bh",
    "srcu_down_read",
)


SOFTIRQS = (
    "there is one level of interrupts (`on`), and softirqs are none of their own: "
    "write `{}`, which keeps out every lane that interrupts this one"
)
POLLED = (
    "grace periods are not polled here: write `synchronize_rcu()` in place of the test; it waits "
    "for more read sections, so that a proof may miss what the polled one allows"
)
PER_CPU = (
    "what only this lane sees is a local; for what others see declare an array with an "
    "element for each lane, `shared x[KIND] = 0`, and write `x[lane]`"
)
ABSENT = {
    **dict.fromkeys(("down", "up"), SEMAPHORE),
    "down_read_killable": "write `down_read(s)`: no signal ends the wait here",
    "downgrade_write": (
        "a writer does not become a reader here: `up_write(s)` and then `down_read(s)` "
        "let other writers in between"
    ),
    "read_lock_bh": SOFTIRQS.format("read_lock_irq(r)"),
    "local_bh_disable": SOFTIRQS.format("local_irq_disable()"),
    "spin_trylock_irqsave": (
        "write `local_irq_save(flags)` and then `if (spin_trylock(l))`, "
        "and switch interrupts on again on both ways"
    ),
    "raw_spin_unlock_irqrestore": (
        "write `spin_unlock_irqrestore(l, flags)`: a spinlock never sleeps here"
    ),
    **dict.fromkeys(("get_state_synchronize_rcu", "cond_synchronize_rcu"), POLLED),
    **dict.fromkeys(("this_cpu_inc", "__this_cpu_read", "per_cpu_ptr"), PER_CPU),
    "raw_spin_lock": "write `spin_lock(l)`: a spinlock never sleeps here",
    "preempt_disable": (
        "leave it out: all lanes but those that interrupt have CPUs of their own; "
        "if a grace period must wait for it, write `rcu_read_lock()`"
    ),
    "complete": (
        "there are no completions: for a single waiter write `smp_store_release(done, 1)`, "
        "then `wake_up(q)`"
    ),
    "wait_for_completion": (
        "there are no completions: write `wait_event(q, smp_load_acquire(done) == 1)`"
    ),
    "rcu_barrier": "nothing here waits until what was given to `call_rcu` or `kfree_rcu` is freed",
    "rcu_read_lock_bh": (
        "write `rcu_read_lock()`: since Linux 5.0 the same grace periods wait for both"
    ),
    "wmb": "write `smp_wmb()`: there are no devices here",
}
WRITTEN_INSTEAD = """
y = READ_ONCE(b)
y = smp_load_acquire(b)
xchg_relaxed(b, 1)
xchg_relaxed(b, 0)
xchg_release(b, 0)
smp_store_release(done, 1)
wake_up(q)
wait_event(q, smp_load_acquire(done) == 1)
if (xchg(b, 1) == 0) y = 1
if (xchg(b, 0) == 1) y = 1
if (cmpxchg_acquire(b, 0, 1) == 0) y = 1
"""


def test_a_name_that_the_language_lacks_is_told_what_to_write() -> None:
    for name, hint in ABSENT.items():
        assert hints(block(f"{name}(x)"))[0] == hint, name


def test_a_call_with_too_few_arguments_is_told_what_it_lacks() -> None:
    sleeps = hints(block("wait_event(x == 1)", more="waitqueue q"))
    assert sleeps == ["name a `waitqueue` before the condition, or write `wait until (…)`"]
    saves = hints(block("local_irq_save()"))
    assert saves == ["name the local that remembers how interrupts were"]
    assert hints(block("smp_store_release(x)")) == [""]


def test_what_a_hint_calls_can_be_called() -> None:
    more = "shared b = 0\nshared done = 0\nwaitqueue q"
    assert diagnose(block(WRITTEN_INSTEAD, more=more)) == ()
    called = {name for hint in HINTS.values() for name in re.findall(r"`(\w+)\(", hint)}
    assert len(called) > 15
    assert called <= {*PRIMITIVES, *prelude()}
    assert not set(HINTS) & {*PRIMITIVES, *prelude()}


def test_a_name_of_the_kernel_is_no_misspelling_of_another() -> None:
    for name in MEANING_SOMETHING_ELSE:
        assert "did you mean" not in hints(block(f"{name}(x)"))[0], name
    for name, hint in SPELT.items():
        assert hints(block(f"{name}(x)"))[0] == hint
    assert not any("refcount" in one for one in hints(block("downgrade_write(x)")))


CHARACTERS = {
    "x = 08": "leave out the zeros before it",
    "x = 089": "leave out the zeros before it",
    "x = 0x10UL": "write `0x10`: numbers are without a suffix",
    "x = 010UL": "write `010`: numbers are without a suffix",
    "x = 0b101": "write `0x5`: numbers are not binary",
    "x = 1UL": "write `1`: numbers are without a suffix",
    "x = 7LLU": "write `7`: numbers are without a suffix",
    "x = 0xffffffffU": "numbers are without a suffix and smaller than 1073741824",
    "x = 08UL": "a number has only digits, and a name begins with a letter or `_`",
    "x = 1st": "a number has only digits, and a name begins with a letter or `_`",
    f"x = {'0' * 60}1UL": "a number has only digits, and a name begins with a letter or `_`",
    "x = 1 # don't (": "a comment begins with `//`",
    "x = 1 – y": "write `-`",
    "x = y\u00a0+ 1": "write a blank",
    "x = y\u200b + 1": "leave it out: it is not seen",
    "größe = 1": "names are made of the letters a to z and A to Z, digits and `_`",
    "gro\u0308e = 1": "names are made of the letters a to z and A to Z, digits and `_`",
    "x = 變數": "names are made of the letters a to z and A to Z, digits and `_`",
}


@pytest.mark.parametrize("text", CHARACTERS)
def test_a_number_or_a_character_that_the_language_lacks(text: str) -> None:
    assert hints(block(text)) == [CHARACTERS[text]]


def test_a_foreign_name_is_marked_as_a_whole() -> None:
    (found,) = diagnose("protocol p\nshared größe = 0")
    assert found.message == "`größe` is no name"
    assert (found.span.column, found.span.end_column) == (8, 13)


def test_typographic_quotes_are_told_of_each() -> None:
    assert hints("protocol p “a title”") == ['write `"`'] * 2


def test_the_block_left_open_is_named_by_its_line() -> None:
    content = "protocol p\nshared x = 0\nthread a {\n    x = 1\nthread b { x = 1 }\n"
    assert hints(content) == [
        "close the block before it with `}`: what line 3 opens is never closed"
    ]


def test_a_thread_is_not_called_as_a_kind_that_nobody_declared() -> None:
    (found,) = diagnose(block("x = 1", more="thread fault { x = 1 }"))
    assert (found.code.name, found.message) == (
        "E210",
        "`fault` is a word of the language, and no lanes are called so",
    )


def test_a_ghost_is_not_sent_behind_a_step_that_is_not_there() -> None:
    (alone,) = hints(block("g = 1", more="ghost g = 0"))
    assert alone == "no step of this block touches what other lanes see: it needs one that does"
    (first,) = hints(block("g = 1\nx = 1", more="ghost g = 0"))
    assert first == "put it behind the step that it belongs to"


def test_the_start_of_a_pointer_is_not_called_as_in_c() -> None:
    assert hints(block("x = 1", more="shared z: node = NULL")) == ["write `null`"]
