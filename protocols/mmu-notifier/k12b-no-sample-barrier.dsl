// Does the proof lean on the reader's first barrier? Not on these two models.
//
// Source: the comment in mmu_invalidate_retry (include/linux/kvm_host.h): Book3S HV calls it
// under a lock per page, not under mmu_lock, for scalability.
// Variant: the smp_rmb between the sample and the translation is dropped.
//
// Expected: both proved under sc and under tso, and that says nothing about the barrier: neither
// lets one load overtake another. The kernel's model and the machines with this form (Power)
// reorder there; that is where dropping it would show.
//
// Bounds: two invalidations that may overlap; two faults of different vCPUs.

protocol k12b_no_sample_barrier "as k12b-retry, without smp_rmb between sample and translation"

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
    page = host_page  // may sleep
    spin_lock(pte_lock)
    if (notifier_count == 0) {
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
expect freed_page_stays  proved
expect deadlock          proved
expect freed_page_mapped proved under tso
