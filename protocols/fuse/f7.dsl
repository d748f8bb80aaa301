// getattr asks the server while a write may extend the file. A reply from before the write must
// not replace the size that the write has set.
//
// Source: 1fb69e781729, fs/fuse/ (attr_version of connection and inode).
//
// Expected: proved for `attr_version`. A reply that is older than a finished write was asked for
// before the write raised the version, and so is dropped. Refuted for the others.
//
// Bounds: two writes, so that a reply may belong between them; two getattrs; one that looks.

protocol f7 "a reply is installed only if no attribute has changed since the question"

variant attr_version
// The code before the fix: no version is sampled and none compared. Ask, a whole write, install.
variant no_check "every reply is installed"
// Why one lock is around both: ask, compare, a whole write, install.
variant outside_the_lock "getattr takes no lock, so test and install are not under it"
// Why the write raises it afterwards. The version is raised, getattr samples it and asks, the
// write reaches the server and sets the size, and getattr finds the version it has sampled.
variant raised_early "the version is raised first, then the server written, then the size set"
// Why it is sampled before the question: ask, a whole write, sample, and nothing has changed since.
variant sampled_late "the version is sampled after the reply"

spinlock lock
shared   server_size = 0   // what the server has
shared   attr_version = 0  // changes with every local change of attributes
shared   cached_size = 0   // the inode's

update write {
    in raised_early {
        spin_lock(lock)
        attr_version++
        spin_unlock(lock)
    }
    size = fresh
    server_size = size  // the request, answered
    spin_lock(lock)
    not in raised_early: attr_version++
    cached_size = size
    spin_unlock(lock)
}

thread getattr {
    in attr_version, outside_the_lock, raised_early: version = attr_version
    size = server_size  // asks the server
    in sampled_late: version = attr_version
    not in outside_the_lock: spin_lock(lock)
    in no_check {
        old = cached_size
        install: cached_size = size
    }
    not in no_check: if (attr_version == version) {
        old = cached_size
        install: cached_size = size
    }
    not in outside_the_lock: spin_unlock(lock)
}

thread stat {
    want = settled(server_size)
    size = cached_size
    not_older: assert size >= want
}

never older_after_write: cached_size < server_size settled
reach installs:     at getattr.install
reach installs_new: getattr[0].size > getattr[0].old finally

bounds updates 2, getattr 2, stat 1
expect older_after_write refuted
expect older_after_write proved for attr_version
expect not_older         refuted
expect not_older         proved for attr_version
expect deadlock          proved
expect older_after_write refuted under tso
expect older_after_write proved for attr_version under tso
// No line under lkmm: every access to the three numbers outside the lock is plain, and so data_race is
// refuted. With marked accesses older_after_write is refuted all the same: the store of the server's
// size stands before spin_lock, which does not keep it from being seen after the version. The server
// is memory here; a request and its reply order more than a store does.
