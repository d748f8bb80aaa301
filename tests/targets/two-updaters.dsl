// Updates in two lanes: settled instants are those with neither in progress.

protocol two_updaters

shared x = 0
mutex m

update change {
    mutex_lock(m)
    x++
    x++
    mutex_unlock(m)
}

thread reader {
    r = x
    small: assert r <= 4
}

updaters 2

never odd: x % 2 == 1 settled
never odd_at_times: x % 2 == 1 always
never three: x == 3 settled

bounds updates 2, reader 1
