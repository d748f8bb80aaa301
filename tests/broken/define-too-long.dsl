// expect E219 at 8
protocol broken
shared x = 0
define a() { x = 1 x = 2 x = 3 x = 4 x = 5 x = 6 x = 7 x = 8 x = 9 x = 10 x = 11 x = 12 x = 13 }
define b() { a() a() a() a() a() a() a() a() a() a() a() a() a() }
define c() { b() b() b() b() b() b() b() b() b() b() b() b() b() }

thread t { c() }
never bad: x == 99 always
bounds t 1
