protocol bits_or "bits are set, under names"

const FLAG = 4
const NUMBER = 3
const BELOW = -1
const ONE = 1

shared gen: bits 3 = ONE
shared seen[ONE] = BELOW
shared two: bits 2 = 0

thread set {
    gen = gen | FLAG
    two = two | 6
    gen = (gen & NUMBER) + ONE
}

thread look {
    g = gen
    if ((g & NUMBER | FLAG) == 5)
        seen[0] = g | 2
    c = choose BELOW..ONE
    d = c | FLAG
}

never wrapped:  two > 2 always
never flagged:  (gen | NUMBER) == 7 finally
never in_flux:  (gen | NUMBER) == 7 always
never seen_old: (seen[0] | 4) == 7 && look[0].d == 5 finally
never unknown:  (seen[0] | 0) == -1 always
reach looked: (seen[0] | FLAG) == 7
bounds set 1, look 1
