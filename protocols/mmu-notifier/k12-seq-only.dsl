// What the count is for.
//
// Source: virt/kvm/kvm_main.c (the mmu notifier's range start and end) and mmu_invalidate_retry
// (once mmu_notifier_retry) in include/linux/kvm_host.h.
// Variant: the count is not tested.
//
// Expected: both refuted. The invalidation has removed the mapping; the fault samples,
// translates to the page that is still there, installs; then the page goes, and nobody removes
// the mapping again.
//
// Bounds: two invalidations that may overlap; two faults of different vCPUs.

protocol k12_seq_only "as k12-retry, but only the sequence number is tested"

spinlock mmu_lock
shared   notifier_count = 0
shared   notifier_seq = 0
shared   host_page = 0        // what the host maps at the address
shared   cache spte { page }  // what the guest maps there: one entry for all vCPUs

updaters 2  // invalidations may overlap

update invalidate {
    spin_lock(mmu_lock)
    notifier_count++
    zap(spte)
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
    spin_lock(mmu_lock)
    if (notifier_seq == seq)
        install: spte = { page: page }
    spin_unlock(mmu_lock)
}

never freed_page_mapped: spte.page != host_page always
never freed_page_stays:  spte.page != host_page settled
reach installs:     at page_fault.install
reach installs_new: filled(spte) && host_page != 0 && spte.page == host_page

bounds updates 2, faults 2
expect freed_page_mapped refuted
expect freed_page_stays  refuted
expect deadlock          proved
