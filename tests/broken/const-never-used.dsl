// expect E212 at 3
protocol broken
const FLAG = 64
shared gen = 0
thread t {
    gen = gen | 32
}
never bad: gen == 99 always
bounds t 1
