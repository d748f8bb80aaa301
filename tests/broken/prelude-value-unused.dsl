// expect E312 at 5
protocol broken
shared x = 0
thread t {
    read_seqcount_retry(&x, 0)
}
never bad: x == 99 always
bounds t 1
