// expect E312 at 5
protocol broken
shared x = 0
thread t {
    if (x == 1 || read_seqcount_retry(&x, 2))
        x = 2
}
never bad: x == 99 always
bounds t 1
