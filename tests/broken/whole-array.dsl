// expect E313 at 6
protocol broken
shared a[3] = 0
shared x = 0
thread t {
    x = a
}
never bad: x == 99 always
bounds t 1
