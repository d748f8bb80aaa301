// expect E216 at 5
protocol p
variant a "one"
variant b
variant c "two"
shared x = 0
thread t {
    y = x
    in b: x = y + 1
    not in b: x = y + 2
}
never n: x == 9 always
bounds t 2
expect n proved
expect n refuted for c
