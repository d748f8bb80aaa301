// expect E101 at 3
protocol broken
seqcount_t seq;
shared x = 0;
thread t {
    x = 1;
}
never bad: x == 99 always
bounds t 1
