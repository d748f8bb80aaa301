// expect E303 at 6
protocol broken
mutex m
shared x = 0
thread t {
    synchronize_srcu(m)
}
never bad: x == 99 always
bounds t 1
