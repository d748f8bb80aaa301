// Everything that a proof lists: locks, an assume, an atomic block, a loop that is cut.
protocol trusting
word pair { left, right } = { left: 0, right: 0 }
shared go = 0
mutex m
thread writer {
    mutex_lock(m)
    pair = { left: 1, right: 1 }
    mutex_unlock(m)
    go = 1
}
thread reader {
    retry 2 {
        ready = go
    } until (ready == 1)
    both: atomic {
        one = pair
        two = pair
    }
    assume one.left == two.left
    equal: assert one.right == two.right
}
reach ready_first: at reader.equal
bounds writer 1, reader 1
