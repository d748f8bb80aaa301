// Who writes to a mount counts itself in a counter of its CPU, so that writers on different CPUs
// share nothing. A remount to read-only adds the counters up and must find every writer, or be
// found by it.
//
// Source: fs/namespace.c (mnt_want_write, mnt_make_readonly), as it was with a spinlock per CPU and
// since "fs: mnt_want_write speedup", 2009. Both are written down from memory, without the details:
// a task stays on its CPU, and there is one mount.
//
// Expected: proved for `hold` and `locks`. Either the remount sees the count, or the writer sees
// that the remount is at work and waits until it knows how that ended.
//
// Bounds: one mount, one remount, a writer on each of two CPUs.

protocol v1 "a remount adds up the writers of all CPUs while each CPU counts its own"

// The writer counts, then waits while a remount adds up, then looks whether it came too late.
variant hold "the count is raised first, and MNT_WRITE_HOLD keeps who comes later waiting"
// A counter is only touched under the lock of its CPU; the remount takes all of them.
variant locks "a spinlock per CPU, of which the remount takes every one"
// The flag is looked at before the count: the remount sees no writer, and the writer no remount.
variant check_first "the flag is looked at first, then the count is raised"
// Between the sum and the flag a writer counts itself, sees no flag and writes.
variant no_hold "nobody waits while the remount adds up"
// Refuted under tso alone: the count waits in the store buffer while the writer looks around.
variant no_barrier "no barrier between the count and the look at MNT_WRITE_HOLD"
// A writer on the other CPU is not counted, and the remount goes on.
variant own_cpu "the remount looks at the counter of one CPU"

shared   writers[cpu] = 0
shared   holding = 0   // MNT_WRITE_HOLD
shared   readonly = 0  // MNT_READONLY
spinlock lock[cpu]

thread cpu {
    in locks {
        spin_lock(&lock[lane])
        if (readonly == 1) {
            spin_unlock(&lock[lane])
            return
        }
        writers[lane]++
        spin_unlock(&lock[lane])
    }
    in check_first: if (READ_ONCE(readonly) == 1)
        return
    not in locks: writers[lane]++
    not in locks, no_barrier: smp_mb()
    not in locks, no_hold: wait until (READ_ONCE(holding) == 0)
    not in locks, check_first {
        smp_rmb()
        if (READ_ONCE(readonly) == 1) {
            writers[lane]--
            return
        }
    }
    write: assert READ_ONCE(readonly) == 0
    in locks: spin_lock(&lock[lane])
    writers[lane]--
    in locks: spin_unlock(&lock[lane])
}

thread remount {
    in locks {
        spin_lock(&lock[0])
        spin_lock(&lock[1])
    }
    not in locks, no_hold {
        WRITE_ONCE(holding, 1)
        smp_mb()
    }
    sum = 0
    not in own_cpu: each i of writers {
        sum += READ_ONCE(writers[i])
    }
    in own_cpu: sum += READ_ONCE(writers[0])
    if (sum == 0)
        WRITE_ONCE(readonly, 1)
    not in locks, no_hold {
        smp_wmb()
        WRITE_ONCE(holding, 0)
    }
    in locks {
        spin_unlock(&lock[1])
        spin_unlock(&lock[0])
    }
}

never left_over: writers[lane] != 0 finally
reach remounted: readonly == 1 finally
reach written:   at cpu.write
bounds cpu 2, remount 1
expect write         refuted
expect write         proved for any number for hold, locks
expect write         proved for any number for no_barrier
expect write         refuted for no_barrier under tso
expect left_over     proved
expect left_over     proved for any number for hold, locks, no_barrier
expect left_over     proved under tso
expect deadlock      proved
expect out_of_bounds proved
expect overflow      proved
expect remounted     proved
expect written       proved
// Under lkmm `locks` alone is proved. The others have no line: the remount reads counters that others
// write plainly, so that data_race is refuted, and so is `write`. Marked, `hold` is refuted all the same:
// nothing keeps the lowering of the count behind the write. Where it is a release, `hold` is proved.
expect write     proved for locks under lkmm
expect left_over proved for locks under lkmm
expect data_race proved for locks under lkmm
