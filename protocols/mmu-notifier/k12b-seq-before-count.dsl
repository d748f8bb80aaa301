// The order of the reader's two tests.
//
// Source: the comment in mmu_invalidate_retry (include/linux/kvm_host.h): Book3S HV calls it
// under a lock per page, not under mmu_lock, for scalability.
// Variant: the two tests change places.
//
// Expected: both refuted. The number is still the old one, then it rises and the count drops,
// then the count is 0.
//
// Bounds: two invalidations that may overlap; two faults of different vCPUs.

protocol k12b_seq_before_count "as k12b-retry, but the fault tests the number before the count"

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
    notifier_seq++
    smp_wmb()
    notifier_count--
    spin_unlock(mmu_lock)
}

fault page_fault {
    seq = notifier_seq
    smp_rmb()
    page = host_page  // may sleep
    spin_lock(pte_lock)
    if (notifier_seq == seq) {
        smp_rmb()
        if (notifier_count == 0)
            install: spte = { page: page }
    }
    spin_unlock(pte_lock)
}

never freed_page_mapped: spte.page != host_page always
never freed_page_stays:  spte.page != host_page settled
reach installs:     at page_fault.install
reach installs_new: filled(spte) && host_page != 0 && spte.page == host_page

bounds updates 2, faults 2
expect freed_page_mapped refuted
expect freed_page_stays  refuted
expect deadlock          proved
expect freed_page_mapped refuted under tso
