// expect E312 at 7
protocol broken
shared x = 0
thread t {
    old = READ_ONCE(x)
    retry 2 {
        done = try_cmpxchg(&x, &old, old + 1)
    } until (done)
}
never bad: x == 99 always
bounds t 1
