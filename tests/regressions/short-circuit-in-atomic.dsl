// 2026-11-22 short-circuit-in-atomic: an access that may not happen stood between two of an atomic
// block, and the block fell apart there: another lane's event fitted in (PROVED, not VACUOUS).

protocol atomthree "a condition that only a torn atomic block meets"

shared a = 0
shared b = 0
shared flag = 0
shared z = 0

update w {
    a = 1
}

thread t {
    atomic {
        x = a == 0 || b == 1
        y = a
    }
    if (x == 1 && y == 1)
        flag = 1
}

never never_met: z == 1 when flag == 1 always
bounds updates 1, t 1
expect never_met vacuous
expect never_met vacuous under tso
