// expect E213 at 6, E213 at 7
protocol p
shared x = 0
thread t {
    y = x
    in b: x = y + 1
    not in b: x = y + 2
}
never n: x == 9 always
bounds t 2
