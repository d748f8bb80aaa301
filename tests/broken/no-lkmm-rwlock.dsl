// expect E519 at 7
protocol looked "what lkmm gives no meaning yet"
rwlock l
shared x = 0

thread t {
    read_lock(l)
    r = x
    read_unlock(l)
    ok: assert r == 0
}

bounds t 1
expect ok proved under lkmm
