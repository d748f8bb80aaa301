// expect E713 at 9
protocol broken
shared x = 0
thread t {
    x = 1
}
reach there: x == 1
bounds t 1
expect there proved for any number
