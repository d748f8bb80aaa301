// Count and number change under mmu_lock, the fault tests them under another lock: now it can
// see them half changed, and the orders and barriers carry the proof.
//
// Source: the comment in mmu_invalidate_retry (include/linux/kvm_host.h): Book3S HV calls it
// under a lock per page, not under mmu_lock, for scalability.
//
// Expected: both proved. The number rises before the count drops; a fault that finds the count 0
// and tests the number after it finds the raised number. Under tso too: stores stay in order.
//
// Bounds: two invalidations that may overlap; two faults of different vCPUs.

protocol k12b_retry "as k12-retry, but the fault tests and installs under the lock of the entry"

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
