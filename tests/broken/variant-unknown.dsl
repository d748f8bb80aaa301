// expect E213 at 8, E213 at 14
protocol p
variant a
variant b
shared x = 0
thread t {
    y = x
    in c: x = y + 1
    not in b: x = y + 2
}
never n: x == 9 always
bounds t 2
expect n proved
expect n refuted for d
