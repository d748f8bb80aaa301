// expect E212 at 5, E402 at 8, E402 at 9
protocol p
variant a
variant b
const N = 3
shared x = 0
thread t {
    y = x
    in b: z = x
    x = 1
}
never n: x == 9 always
bounds t 2
expect n proved
