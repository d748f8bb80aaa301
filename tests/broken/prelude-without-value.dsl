// expect E312 at 5
protocol broken
shared x = 0
thread t {
    n = write_seqcount_end(&x)
    x = n
}
never bad: x == 99 always
bounds t 1
