// expect E214 at 4, E214 at 5, E214 at 10
protocol p
variant a
variant a
variant b = a, a
shared x = 0
thread t {
    y = x
    in b: x = y + 1
    not in b, b: x = y + 2
}
never n: x == 9 always
bounds t 2
expect n proved
