// expect E701 at 7
protocol broken
shared x = 0
thread t {
    x = 1
}
never bad: read_seqcount_retry(x, 0) always
bounds t 1
