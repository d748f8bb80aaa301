// expect E201 at 8
protocol p
variant a
variant b
shared x = 0
thread t {
    y = x
    in b: x = q + 1
    not in b: x = y + 2
}
never n: x == 9 always
bounds t 2
