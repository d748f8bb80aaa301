// 2026-11-22 choice-nobody-asked-about: whether a lane comes to a choice is a conjunction that
// the question need not name. It was then taken for false, the choice was left out of the
// schedule, and the replay went another way (status 6).

protocol choice_nobody_asked_about

shared x = 0
shared y = 0

thread first {
    r = x
}

thread second {
    either {
        s = choose 0..1
    } or {
        y = 1
    }
    x = 1
}

lanes vcpu: first, second

never sees: first[0].r == 1 && second[0].s == 1 finally
never stays: y == 1 always

bounds vcpu 2, rounds 2
expect sees refuted
expect stays refuted
