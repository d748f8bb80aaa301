// expect E708 at 16, E708 at 18
protocol p
variant a
variant b
variant c = b
shared x = 0
thread t {
    y = x
    in a: x = y + 1
    in b: x = y + 2
    in c: x = y + 3
}
never n: x == 9 always
bounds t 2
expect n refuted for a
expect n proved for a
expect n proved under tso
expect n proved under tso
expect n proved
