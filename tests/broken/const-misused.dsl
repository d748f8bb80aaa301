// expect E202 at 4, E303 at 7, E303 at 8, E316 at 9, E303 at 10, E301 at 11, E212 at 14
protocol broken
const FLAG = 64
mutex FLAG2 const FLAG2 = 3
shared gen = 0
thread t {
    FLAG = gen
    FLAG++
    atomic_inc(&FLAG)
    mutex_lock(FLAG)
    gen = FLAG.gen
    gen = 3
}
const FLGA = 3
never bad: gen == 99 always
bounds t 1
