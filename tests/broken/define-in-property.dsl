// expect E701 at 6
protocol broken
shared x = 0
define big() { yield x > 3 }
thread t { if (big()) x = 1 }
never bad: big() always
bounds t 1
