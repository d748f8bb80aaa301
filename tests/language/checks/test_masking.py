"""On every path interrupts are as the block found them; each refusal says what to write."""

import pytest

from smtmodel.source import Text
from tests.support.front import diagnose

TEXT = """protocol masked
spinlock l
shared x = 0
thread task {{
    {steps}
}}
thread irq on task {{
    {handler}
}}
never bad: x == 9 finally
bounds task 1, irq 1
"""
PLAIN = "spin_lock(l) x = 2 spin_unlock(l)"


def codes(steps: str, handler: str = PLAIN) -> list[str]:
    text = TEXT.format(steps=steps.replace("; ", "\n"), handler=handler)
    return [one.code.name for one in diagnose(Text("test", text).content)]


@pytest.mark.parametrize(
    "steps",
    [
        "local_irq_disable(); x = 1; local_irq_enable()",
        "local_irq_save(f); local_irq_save(g); local_irq_restore(g); local_irq_restore(f)",
        "local_irq_save(f); local_irq_enable(); local_irq_restore(f)",
        "local_irq_disable(); local_irq_disable(); local_irq_enable()",
        "spin_lock_irq(l); spin_unlock(l); local_irq_enable()",
        "local_irq_save(f); if (x == 1) { local_irq_restore(f) return }; local_irq_restore(f)",
        "either { local_irq_save(f) } or { local_irq_save(f) }; local_irq_restore(f)",
        "retry 2 { spin_lock_irqsave(l, f); spin_unlock_irqrestore(l, f) } until (x == 2)",
        "spin_lock_irqsave(l, f); spin_unlock_irqrestore(l, f); spin_lock_irqsave(l, f); "
        "spin_unlock_irqrestore(l, f)",
    ],
)
def test_it_may_be_switched_as_long_as_it_ends_as_it_began(steps: str) -> None:
    assert codes(steps) == []


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ("local_irq_disable()", "E521"),
        ("local_irq_save(f); if (x == 1) return; local_irq_restore(f)", "E521"),
        ("spin_lock_irq(l); spin_unlock(l)", "E521"),
        ("if (x == 1) { local_irq_disable() }; local_irq_enable()", "E507"),
        ("while 2 (x == 1) { local_irq_disable() }; local_irq_enable()", "E508"),
        ("local_irq_save(f); x = f; local_irq_restore(f)", "E522"),
        ("local_irq_save(x); local_irq_enable()", "E522"),
        ("f = x; local_irq_disable(); local_irq_restore(f)", "E522"),
        ("local_irq_save(smp_mb); local_irq_restore(smp_mb)", "E403"),
    ],
)
def test_else_it_is_refused_where_it_goes_wrong(steps: str, code: str) -> None:
    assert codes(steps) == [code]


def test_an_interrupt_begins_with_interrupts_off() -> None:
    saves = "spin_lock_irqsave(l, f) spin_unlock_irqrestore(l, f)"
    assert codes("x = 1", saves) == []
    text = TEXT.format(steps="x = 1", handler="spin_lock_irq(l) spin_unlock_irq(l)")
    (wrong,) = diagnose(text)
    assert wrong.code.name == "E521"
    assert "spin_lock_irqsave" in wrong.suggestion
