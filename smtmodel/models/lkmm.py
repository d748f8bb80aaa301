"""The memory model of the Linux kernel, as definitions of this project.

What the kernel publishes in tools/memory-model is stated here anew, over the events of litmus tests:
`linux-kernel.cat` defines the relations, `linux-kernel.bell` sections and tags, `lock.cat` locks;
`Documentation/explanation.txt` says why. Names are those of the files; a test compares every axiom
and flag with theirs, term by term, where the files are at hand. Locks are memory here: taking
one is a read and a write of it, releasing one a write.

Event sets by the tags of linux-kernel.def: `Once`, `Acquire`, `Release`, `Noreturn` (of the read of
a read-modify-write without a value), `Mb` (a barrier, or an access of an operation that is a full
barrier), the barriers `Wmb`, `Rmb`, `Barrier`, `Before-atomic`, `After-atomic`, `After-spinlock`,
`After-unlock-lock`, `After-srcu-read-unlock`, and `Rcu-lock`, `Rcu-unlock`, `Sync-rcu`,
`Srcu-lock`, `Srcu-unlock`, `Sync-srcu`. By what happens: `R`, `W`, `IW` (initial writes), `RMW`
(both accesses of a read-modify-write, also where it fails and only reads), `LKR` and `LKW` (a
lock taken), `UL` (released), `LF` (a try that fails), `RL` and `RU` (a look that finds it locked or
free). A grace period of SRCU is no access, but is in `loc` with its domain's others.
"""
