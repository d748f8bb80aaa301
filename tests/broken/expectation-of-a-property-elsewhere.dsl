// expect E705 at 14
protocol p
variant a
variant b
shared x = 0
thread t {
    y = x
    in b: x = y + 1
    not in b: x = y + 2
}
never n: x == 9 always
in a: never m: x == 8 always
bounds t 2
expect m proved for b
expect m proved for a
expect n proved
