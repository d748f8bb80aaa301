// expect E402 at 5
protocol broken
shared x = 0
thread t {
    n = read_seqcount_begin(&x)
    x = 1
}
never bad: x == 99 always
bounds t 1
