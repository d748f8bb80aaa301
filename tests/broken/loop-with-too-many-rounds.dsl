// expect E609 at 5
protocol broken
shared x = 0
thread t {
    retry 1000 {
        x--
    } until (x == 0)
}
never bad: x == 99 always
bounds t 1
