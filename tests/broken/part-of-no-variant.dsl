// expect E215 at 8, E215 at 9
protocol p
variant a
variant b = a
shared x = 0
thread t {
    y = x
    in b { not in a { x = 3 } }
    not in a: x = y + 2
    in b: x = y
    x = y + 3
}
never n: x == 9 always
bounds t 2
expect n proved
