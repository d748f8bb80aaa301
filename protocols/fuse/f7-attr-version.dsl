// getattr asks the server while a write may extend the file. A reply from before the write must
// not replace the size that the write has set.
//
// Source: 1fb69e781729, fs/fuse/ (attr_version of connection and inode).
//
// Expected: proved. A reply that is older than a finished write was asked for before the write
// raised the version, and so is dropped.
//
// Bounds: two writes, so that a reply may belong between them; two getattrs; one that looks.

protocol f7_attr_version "a reply is installed only if no attribute has changed since the question"

spinlock lock
shared   server_size = 0   // what the server has
shared   attr_version = 0  // changes with every local change of attributes
shared   cached_size = 0   // the inode's

update write {
    size = fresh
    server_size = size  // the request, answered
    spin_lock(lock)
    attr_version++
    cached_size = size
    spin_unlock(lock)
}

thread getattr {
    version = attr_version
    size = server_size  // asks the server
    spin_lock(lock)
    if (attr_version == version) {
        old = cached_size
        install: cached_size = size
    }
    spin_unlock(lock)
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
expect older_after_write proved
expect not_older         proved
expect deadlock          proved
expect older_after_write proved under tso
