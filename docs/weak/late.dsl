// A store that is executed before an object is freed, and may land behind that.
protocol late "the store is seen by one CPU, the object freed by another"

struct node { value }

object first: node = { value: 0 }
shared list: node = first
shared seen = 0

thread user {
    object = list
    WRITE_ONCE(object.value, 2)
}

thread watcher {
    object = list
    value = READ_ONCE(object.value)
    if (value == 2)
        WRITE_ONCE(seen, 1)
}

thread owner {
    done = smp_load_acquire(seen)
    if (done == 1)
        kfree(list)
}

reach sees: seen == 1

bounds user 1, watcher 1, owner 1
expect use_after_free refuted under lkmm
