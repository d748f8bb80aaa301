// expect E101 at 3
protocol broken
DEFINE_SPINLOCK(lock);
shared x = 0;
thread t {
    x = 1;
}
never bad: x == 99 always
bounds t 1
