// A condition that is never met, and a step that never happens.
protocol vacuous
shared n = 0
thread looks {
    seen = n
    if (seen == 1)
        n = 2
}
never seen_one: n == 0 when n == 1 always
reach both: n == 2
bounds looks 1
