// 2026-11-22 run-without-events: the smallest run that violates a property may have no event
// at all; asking for at most none of nothing was a syntax error to the solver.

protocol run_without_events

shared x = 0

thread writer {
    x = 1
}

never zero: x == 0 always

bounds writer 1
expect zero refuted
