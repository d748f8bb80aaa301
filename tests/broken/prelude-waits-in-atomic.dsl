// expect E511 at 5
protocol broken
shared x = 0
thread t {
    atomic { read_seqcount_begin(&x) }
}
never bad: x == 99 always
bounds t 1
