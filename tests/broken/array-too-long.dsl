// expect E313 at 3
protocol broken
shared a[1000] = 0
shared x = 0
thread t {
    x = a[0]
}
never bad: x == 99 always
bounds t 1
