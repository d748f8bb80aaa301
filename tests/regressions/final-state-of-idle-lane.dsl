// 2026-11-22 final-state-of-idle-lane: a lane whose steps have no event needs a move of its own
// to get to its end; the schedule had none, and its locals had no values (status 6).

protocol final_state_of_idle_lane

shared x = 0

thread writer {
    x = 1
}

thread idle {
    r = choose 0..1
    s = r + 1
}

never two: idle[0].s == 2 finally
reach one: idle[0].r == 0 && x == 1 finally

bounds writer 1, idle 1
expect two refuted
