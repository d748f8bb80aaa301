// k12b.dsl with marked accesses, and with the host's page changed under a lock of its own: unlocking
// one lock and locking another keeps stores in order.

protocol retry "a fault installs a page unless an invalidation has come between"

variant barriers
variant no_sample_barrier "no smp_rmb between sample and translation"
variant no_read_barrier "no smp_rmb between the two tests"
variant no_write_barrier "no smp_wmb between number and count"

spinlock mmu_lock
spinlock pte_lock   // of this guest page-table entry
spinlock host_lock  // of the host's page table
shared   notifier_count = 0
shared   notifier_seq = 0
shared   host_page = 0        // what the host maps at the address
shared   cache spte { page }  // what the guest maps there: one entry for all vCPUs

update invalidate {
    spin_lock(mmu_lock)
    WRITE_ONCE(notifier_count, notifier_count + 1)
    spin_lock(pte_lock)
    zap(spte)
    spin_unlock(pte_lock)
    spin_unlock(mmu_lock)
    spin_lock(host_lock)
    WRITE_ONCE(host_page, fresh)
    spin_unlock(host_lock)
    spin_lock(mmu_lock)
    WRITE_ONCE(notifier_seq, notifier_seq + 1)
    not in no_write_barrier: smp_wmb()
    WRITE_ONCE(notifier_count, notifier_count - 1)
    spin_unlock(mmu_lock)
}

fault page_fault {
    seq = READ_ONCE(notifier_seq)
    not in no_sample_barrier: smp_rmb()
    page = READ_ONCE(host_page)
    spin_lock(pte_lock)
    count = READ_ONCE(notifier_count)
    if (count == 0) {
        not in no_read_barrier: smp_rmb()
        now = READ_ONCE(notifier_seq)
        if (now == seq)
            install: spte = { page: page }
    }
    spin_unlock(pte_lock)
}

never freed_page_stays: spte.page != host_page settled
reach installs:     at page_fault.install
reach installs_new: filled(spte) && host_page != 0 && spte.page == host_page

bounds updates 1, faults 1
expect freed_page_stays proved
expect freed_page_stays proved under lkmm
expect freed_page_stays refuted for no_sample_barrier, no_read_barrier, no_write_barrier under lkmm
