// Why the write raises the version afterwards.
//
// Source: 1fb69e781729, fs/fuse/ (attr_version of connection and inode).
// Variant: the write raises the version first, then goes to the server, then sets the cached
// size.
//
// Expected: refuted: the version is raised, getattr samples it and asks, the write reaches the
// server and sets the size, and getattr finds the version it has sampled.
//
// Bounds: two writes, so that a reply may belong between them; two getattrs; one that looks.

protocol f7_raised_early "as f7-attr-version, but the version is raised before the server's write"

spinlock lock
shared   server_size = 0   // what the server has
shared   attr_version = 0  // changes with every local change of attributes
shared   cached_size = 0   // the inode's

update write {
    spin_lock(lock)
    attr_version++
    spin_unlock(lock)
    size = fresh
    server_size = size  // the request, answered
    spin_lock(lock)
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
expect older_after_write refuted
expect not_older         refuted
expect deadlock          proved
expect older_after_write refuted under tso
