// mincore() says which pages of a range are in memory. It copied its answer to the caller with
// mmap_sem held for reading. The copy may fault, and the fault takes mmap_sem for reading once
// more: a writer that has come in between waits for the first, and the second for the writer.
//
// Source: mm/mincore.c, "Fix incorrect user space access locking in mincore()", 2006; told from
// memory, as are the steps here.
//
// Expected: proved for `after`, which keeps its answer in a buffer of the kernel.
//
// Bounds: a range of one page, which is unmapped once; an answer is copied twice.

protocol mincore "an answer is copied to the caller, which may fault"

variant after "the answer is copied when the lock has been released"
variant before "the answer is copied with the lock held"
// The range goes away between the two looks.
variant no_lock "no lock is taken"
variant in_two "the lock is released between the two looks"

rwsem  mmap_sem
shared vma = 1     // is the range mapped?
shared page = 1    // is its page in memory?
shared buffer = 0  // is the page of the caller's buffer mapped?

thread mincore {
    not in no_lock: down_read(&mmap_sem)
    present = page
    in in_two: up_read(&mmap_sem)
    in in_two: down_read(&mmap_sem)
    mapped = vma
    not in before, no_lock: up_read(&mmap_sem)
    // copy_to_user(), where the page of the buffer is not there yet
    if (buffer == 0) {
        down_read(&mmap_sem)
        faulted: buffer = 1
        up_read(&mmap_sem)
    }
    in before: up_read(&mmap_sem)
    one_layout: assert mapped == 1 || present == 0
}

thread munmap {
    down_write(&mmap_sem)
    vma = 0
    page = 0
    up_write(&mmap_sem)
}

reach faults: at mincore.faulted

bounds mincore 1 rounds 2, munmap 1
expect one_layout proved for any number
expect one_layout refuted for no_lock, in_two
expect one_layout proved under tso
expect deadlock   proved
expect deadlock   refuted for before
// Under lkmm as under sc, but for the race of `no_lock`. Of two lanes here the stores to `buffer`, under
// the reader's side, would race. A deadlock is not judged.
expect one_layout proved for after, before under lkmm
expect one_layout refuted for no_lock, in_two under lkmm
expect data_race  proved for after, before, in_two under lkmm
expect data_race  refuted for no_lock under lkmm
