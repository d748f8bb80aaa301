// expect E605 at 10, E605 at 10, E605 at 10
protocol broken
shared x = 0
update u {
    x = 1
}
thread t {
    x = 2
}
bounds updates 1 rounds 2, t 1 rounds 0, rounds 2 rounds 3
never y: x == 3 finally
