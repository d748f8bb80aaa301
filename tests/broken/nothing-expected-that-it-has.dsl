// expect E712 at 4
protocol p
variant a
variant b
shared x = 0
thread t {
    y = x
    in b: x = y + 1
    not in b: x = y + 2
}
in a: never n: x == 9 always
in b: never m: x == 9 always
bounds t 2
expect n proved
