// expect E210 at 4
protocol broken
shared x = 0
define write_seqcount_end(&s) { s++ }
thread t { write_seqcount_end(x) }
never bad: x == 99 always
bounds t 1
