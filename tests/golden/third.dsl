protocol third "the third update wraps the number"

shared n: bits 2 = 1
shared seen = 0

update raise {
    n += 1
}

thread look {
    seen = n
}

never wrapped: n == 0 always
never behind:  n == 2 && seen == 3 always
reach raised:  n == 3

bounds updates 2, look 1
