// expect E210 at 3
protocol p
variant any
variant b
shared x = 0
thread t {
    in any: x = 1
    in b: x = 2
}
never bad: x == 99 always
bounds t 1
expect bad proved
