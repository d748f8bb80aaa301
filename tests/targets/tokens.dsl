// Tokens are numbered in the order of their `fresh` events.

protocol tokens

shared first = 0
shared second = 0
shared flag = 0

thread one {
    a = fresh
    first = a
    flag = 1
}

thread two {
    if (flag == 1) {
        b = fresh
        second = b
    } else {
        second = fresh
    }
    r = first
    s = second
    ordered: assert r == 0 || r < s
}

never equal: first == second when first != 0 always
never back: second < first && second != 0 finally

bounds one 1, two 1
