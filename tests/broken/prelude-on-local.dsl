// expect E316 at 6
protocol broken
shared x = 0
thread t {
    n = 1
    write_seqcount_begin(n)
    x = n
}
never bad: x == 99 always
bounds t 1
