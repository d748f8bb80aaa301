// expect E206 at 5
protocol broken
shared x = 0
thread t {
    write_seqcont_end(&x)
}
never bad: x == 99 always
bounds t 1
