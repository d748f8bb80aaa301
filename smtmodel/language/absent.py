"""Names of the kernel that no protocol can call, and what to write instead.

Each hint names what means the same here, or says that nothing does. Loaded only where a call
is unknown.
"""

_PLAIN = {
    **dict.fromkeys(("likely", "unlikely"), "leave it out, and write its condition alone"),
    **dict.fromkeys(
        ("srcu_dereference", "rcu_dereference_check", "rcu_dereference_raw"),
        "write `rcu_dereference(p)`, with the pointer alone",
    ),
    **dict.fromkeys(
        ("BUG_ON", "VM_BUG_ON", "WARN_ON", "WARN_ON_ONCE"),
        "write `assert` and what must hold, which is the opposite",
    ),
    **dict.fromkeys(
        ("kmalloc", "kvmalloc", "kmem_cache_alloc"),
        "write `alloc` and the name of the struct, which never fails",
    ),
    **dict.fromkeys(
        ("kzalloc", "kvzalloc", "kmem_cache_zalloc"),
        "write `alloc` and the name of the struct, which never fails, and then 0 into its fields",
    ),
    "percpu_ref_get": "write `atomic_inc(&r)`: the count is a number here",
    "percpu_ref_put": "write `atomic_dec_and_test(&r)` as a condition, and what the release does",
    "percpu_ref_tryget_live": (
        "in a section of `rcu_read_lock()` look at the flag that says that it dies, then "
        "write `atomic_inc(&r)`"
    ),
    "percpu_ref_kill": "set the flag that says that it dies, then write `synchronize_rcu()`",
    "kmem_cache_create": (
        "leave it out; of objects with SLAB_TYPESAFE_BY_RCU declare a `typesafe struct`"
    ),
    "kvfree": "write `kfree(p)`",
    "vfree": "write `kfree(p)`, which never sleeps",
    "kmem_cache_free": "write `kfree(p)`, which also takes null",
    "kref_put": "write `refcount_dec_and_test(r)` as a condition, and what the release does",
    "barrier": "leave it out: what a compiler does is not in the model",
    "cpu_relax": "leave it out: any lane can wait at any time",
    "cond_resched": "leave it out: any lane can wait at any time; that it may sleep is not asked",
    "schedule": "write `wait until (…)` and what ends the sleep: no wake-up is lost here",
    "read_seqbegin": "write `read_seqcount_begin(s)`, on the number of the lock",
    "read_seqretry": "write `read_seqcount_retry(s, n)`, on the number of the lock",
}
_BEGUN = "write `{}`, then `write_seqcount_begin(s)`"
_ENDED = "write `write_seqcount_end(s)`, then `{}`"
_SEQLOCKS = {
    "write_seqlock": _BEGUN.format("spin_lock(l)"),
    "write_sequnlock": _ENDED.format("spin_unlock(l)"),
    "write_seqlock_irq": _BEGUN.format("spin_lock_irq(l)"),
    "write_sequnlock_irq": _ENDED.format("spin_unlock_irq(l)"),
    "write_seqlock_irqsave": _BEGUN.format("spin_lock_irqsave(l, flags)"),
    "write_sequnlock_irqrestore": _ENDED.format("spin_unlock_irqrestore(l, flags)"),
}
_DEVICES = {
    name: f"write `smp_{name}()`: there are no devices here" for name in ("mb", "rmb", "wmb")
}

_SEMAPHORES = dict.fromkeys(
    (*("down", "down_interruptible", "down_killable", "down_timeout", "down_trylock", "up"),),
    "there are no counting semaphores: `mutex` is one of 1, and `rwsem` has two sides",
)
_SIGNALS = {
    f"{name}_{ending}": f"write `{name}(s)`: no signal ends the wait here"
    for name in ("down_read", "down_write", "mmap_write_lock", "mmap_read_lock")
    for ending in ("interruptible", "killable")
} | dict.fromkeys(
    ("downgrade_write", "mmap_write_downgrade"),
    "a writer does not become a reader here: "
    "`up_write(s)` and then `down_read(s)` let other writers in between",
)

_SPINNING = (("spin", "l"), ("read", "r"), ("write", "r"))
_SOFTIRQS = (
    "there is one level of interrupts (`on`), and softirqs are none of their own: "
    "write `{}`, which keeps out every lane that interrupts this one"
)
_BOTTOM_HALVES = {
    **{
        f"{lock}_{verb}_bh": _SOFTIRQS.format(f"{lock}_{verb}_irq({name})")
        for lock, name in _SPINNING
        for verb in ("lock", "unlock")
    },
    "local_bh_disable": _SOFTIRQS.format("local_irq_disable()"),
    "local_bh_enable": _SOFTIRQS.format("local_irq_enable()"),
}
_TRIED = {
    f"{lock}_trylock_{ending}": f"write `{mask}` and then `if ({lock}_trylock({name}))`, "
    "and switch interrupts on again on both ways"
    for lock, name in _SPINNING
    for ending, mask in (
        ("irq", "local_irq_disable()"),
        ("irqsave", "local_irq_save(flags)"),
        ("bh", "local_irq_disable()"),
    )
}
_RAW = {
    f"raw_spin_{verb}": f"write `spin_{verb}({given})`: a spinlock never sleeps here"
    for verb, given in (
        *((verb, "l") for verb in ("lock", "unlock", "trylock", "lock_irq", "unlock_irq")),
        *((verb, "l, flags") for verb in ("lock_irqsave", "unlock_irqrestore")),
    )
}

_PREEMPTION = {
    name: "leave it out: all lanes but those that interrupt have CPUs of their own; "
    f"if a grace period must wait for it, write `{section}()`"
    for name, section in (
        ("preempt_disable", "rcu_read_lock"),
        ("preempt_enable", "rcu_read_unlock"),
    )
}
_PER_CPU = (
    "what only this lane sees is a local; for what others see declare an array with an "
    "element for each lane, `shared x[KIND] = 0`, and write `x[lane]`"
)

_COMPLETED = "there are no completions: {}write `smp_store_release(done, 1)`, then `wake_up(q)`"
_COMPLETIONS = {
    "complete": _COMPLETED.format("for a single waiter "),
    "complete_all": _COMPLETED.format(""),
    "wait_for_completion": (
        "there are no completions: write `wait_event(q, smp_load_acquire(done) == 1)`"
    ),
}

_POLLED = (
    "grace periods are not polled here: write `synchronize_{}` in place of the test; it waits for "
    "more read sections, so that a proof may miss what the polled one allows"
)
_SECTIONS = {
    **dict.fromkeys(
        (
            *("get_state_synchronize_rcu", "start_poll_synchronize_rcu"),
            *("poll_state_synchronize_rcu", "cond_synchronize_rcu"),
        ),
        _POLLED.format("rcu()"),
    ),
    **dict.fromkeys(
        (
            *("get_state_synchronize_srcu", "start_poll_synchronize_srcu"),
            "poll_state_synchronize_srcu",
        ),
        _POLLED.format("srcu(d)"),
    ),
    **dict.fromkeys(
        ("rcu_barrier", "srcu_barrier"),
        "nothing here waits until what was given to `call_rcu` or `kfree_rcu` is freed",
    ),
    **{
        f"rcu_read_{verb}_{kind}": f"write `rcu_read_{verb}()`: since Linux 5.0 "
        "the same grace periods wait for both"
        for verb in ("lock", "unlock")
        for kind in ("bh", "sched")
    },
}

HINTS = {
    **_PLAIN,
    **_SEQLOCKS,
    **_DEVICES,
    **_SEMAPHORES,
    **_SIGNALS,
    **_BOTTOM_HALVES,
    **_TRIED,
    **_RAW,
    **_PREEMPTION,
    **_COMPLETIONS,
    **_SECTIONS,
}
_PER_CPU_BEGINNINGS = ("this_cpu_", "__this_cpu_", "raw_cpu_", "per_cpu")


def instead(name: str) -> str:
    """What to write instead of a call of that name, or nothing if it is no name of the kernel
    that is known to be absent."""
    if name.startswith(_PER_CPU_BEGINNINGS):
        return _PER_CPU
    return HINTS.get(name, "")
