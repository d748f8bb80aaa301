// Count and number change under mmu_lock, the fault tests them under another lock: now it can
// see them half changed, and the orders and barriers carry the proof.
//
// Source: the comment in mmu_invalidate_retry (include/linux/kvm_host.h): Book3S HV calls it
// under a lock per page, not under mmu_lock, for scalability.
//
// Expected: both proved for `retry`. The number rises before the count drops; a fault that finds
// the count 0 and tests the number after it finds the raised number. Under tso too: stores stay in
// order. Both refuted where either order is turned round. Without one of the barriers both proved
// under sc and under tso, and that says nothing about the barrier: neither model lets one store or
// one load overtake another. The kernel's model and the machines with this form (Power) reorder
// there; that is where dropping it would show.
//
// Bounds: two invalidations that may overlap; two faults of different vCPUs.

protocol k12b "as k12, but the fault tests and installs under the lock of the entry"

variant retry
// The order of the writer's two changes: between the two the count is 0 and the number still the
// old one.
variant count_dropped_first "the count drops, then the number rises"
// The order of the reader's two tests. The number is still the old one, then it rises and the count
// drops, then the count is 0.
variant seq_before_count "the fault tests the number before the count"
variant no_read_barrier "no smp_rmb between the two tests"
variant no_sample_barrier "no smp_rmb between sample and translation"
variant no_write_barrier "no smp_wmb between number and count"

spinlock mmu_lock
spinlock pte_lock  // of this guest page-table entry
shared   notifier_count = 0
shared   notifier_seq = 0
shared   host_page = 0        // what the host maps at the address
shared   cache spte { page }  // what the guest maps there: one entry for all vCPUs

updaters 2  // invalidations may overlap

update invalidate {
    spin_lock(mmu_lock)
    notifier_count++
    spin_lock(pte_lock)
    zap(spte)
    spin_unlock(pte_lock)
    spin_unlock(mmu_lock)
    host_page = fresh  // the old page is somebody else's now
    spin_lock(mmu_lock)
    in count_dropped_first: notifier_count--
    not in count_dropped_first: notifier_seq++
    not in no_write_barrier: smp_wmb()
    in count_dropped_first: notifier_seq++
    not in count_dropped_first: notifier_count--
    spin_unlock(mmu_lock)
}

fault page_fault {
    seq = notifier_seq
    not in no_sample_barrier: smp_rmb()
    page = host_page  // may sleep
    spin_lock(pte_lock)
    in seq_before_count: if (notifier_seq == seq) {
        smp_rmb()
        if (notifier_count == 0)
            install: spte = { page: page }
    }
    in no_read_barrier {
        if (notifier_count == 0 && notifier_seq == seq)
            install: spte = { page: page }
    }
    not in seq_before_count, no_read_barrier: if (notifier_count == 0) {
        smp_rmb()
        if (notifier_seq == seq)
            install: spte = { page: page }
    }
    spin_unlock(pte_lock)
}

never freed_page_mapped: spte.page != host_page always
never freed_page_stays:  spte.page != host_page settled
reach installs:     at page_fault.install
reach installs_new: filled(spte) && host_page != 0 && spte.page == host_page

bounds updates 2, faults 2
expect freed_page_mapped proved
expect freed_page_mapped refuted for count_dropped_first, seq_before_count
expect freed_page_stays  proved
expect freed_page_stays  refuted for count_dropped_first, seq_before_count
expect deadlock          proved
expect freed_page_mapped proved under tso
expect freed_page_mapped refuted for count_dropped_first, seq_before_count under tso
// No line under lkmm: host_page is plain and in no section, so data_race is refuted. Marked, and with
// the page under a lock of its own, docs/weak-memory.md has it proved, and refuted without any of the
// three barriers, which make no difference under sc and tso.
