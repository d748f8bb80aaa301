// expect E316 at 5
protocol broken
shared x = 0
thread t {
    write_seqcount_begin(1)
}
never bad: x == 99 always
bounds t 1
