// An invalidation removes the guest's mapping of a page that the host is about to take away. A
// fault that has translated before must not install afterwards.
//
// Source: virt/kvm/kvm_main.c (the mmu notifier's range start and end) and mmu_invalidate_retry
// (once mmu_notifier_retry) in include/linux/kvm_host.h.
//
// Expected: both proved for `retry`. While the count is up nothing is installed; once it is down
// again the raised sequence number catches every fault that sampled before. Both refuted without
// either test, and where the sample comes late.
//
// Bounds: two invalidations that may overlap; two faults of different vCPUs.

protocol k12 "a fault installs only if no invalidation runs or has run since it sampled"

variant retry
// Translate, a whole invalidation, install.
variant no_check "a fault installs what it has translated: neither is tested"
// What the sequence number is for: translate, a whole invalidation, and the count is 0 again.
variant count_only "only the count is tested"
// What the count is for. The invalidation has removed the mapping; the fault samples, translates
// to the page that is still there, installs; then the page goes, and nobody removes the mapping
// again.
variant seq_only "only the sequence number is tested"
// Why it is sampled first: translate, a whole invalidation, sample, and nothing has moved since.
variant sampled_late "the sequence number is sampled after the translation"
// Where fault and invalidation take one lock, nobody sees the two changes apart. The count drops
// before the number rises, the fault tests the number before the count, and the barriers inside the
// sections are gone. Both proved, under tso too. The sample stays outside the lock and before the
// translation.
variant orders_do_not_matter "both orders turned round, no barriers in the lock"

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
    in orders_do_not_matter: notifier_count--
    notifier_seq++
    not in orders_do_not_matter {
        smp_wmb()
        notifier_count--
    }
    spin_unlock(mmu_lock)
}

fault page_fault {
    in retry, seq_only, orders_do_not_matter {
        seq = notifier_seq
        smp_rmb()
    }
    page = host_page  // may sleep
    in sampled_late {
        seq = notifier_seq
        smp_rmb()
    }
    spin_lock(mmu_lock)
    in no_check: install: spte = { page: page }
    in count_only {
        if (notifier_count == 0)
            install: spte = { page: page }
    }
    in seq_only {
        if (notifier_seq == seq)
            install: spte = { page: page }
    }
    in orders_do_not_matter {
        if (notifier_seq == seq && notifier_count == 0)
            install: spte = { page: page }
    }
    in retry, sampled_late: if (notifier_count == 0) {
        smp_rmb()
        if (notifier_seq == seq)
            install: spte = { page: page }
    }
    spin_unlock(mmu_lock)
}

never freed_page_mapped: spte.page != host_page always
never freed_page_stays:  spte.page != host_page settled
reach installs:     at page_fault.install
reach installs_new: filled(spte) && host_page != 0 && spte.page == host_page

bounds updates 2, faults 2
expect freed_page_mapped refuted
expect freed_page_mapped proved for retry, orders_do_not_matter
expect freed_page_stays  refuted
expect freed_page_stays  proved for retry, orders_do_not_matter
expect deadlock          proved
expect freed_page_mapped proved for orders_do_not_matter under tso
// No line under lkmm: host_page is plain and in no section, so data_race is refuted. Both properties
// are refuted too, of `retry` as well: nothing keeps the store to host_page inside the sections
// around it. With the page under a lock of its own docs/weak-memory.md proves the retry of k12b.
