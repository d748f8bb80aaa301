// expect E519 at 9
protocol looked "what lkmm gives no meaning yet"
shared x = 0
shared y = 0

thread t {
    atomic {
        r = x
        s = y
    }
    ok: assert r == s
}

bounds t 1
expect ok proved under lkmm
