// expect E307 at 5
protocol broken
shared x = 0
thread t {
    n = read_seqcount_begin(&x, 1)
    x = n
}
never bad: x == 99 always
bounds t 1
