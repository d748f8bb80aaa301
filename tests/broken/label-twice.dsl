// expect E209 at 6
protocol broken
shared x = 0
thread t {
    here: x = 1
    here: x = 2
}
never bad: x == 99 always
bounds t 1
