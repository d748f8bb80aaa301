// expect E404 at 9
protocol broken
shared a[2] = 0
shared x = 0
ghost g = 0
thread t {
    x = 1
    k = g
    l = a[k]
    assert l == 0
}
bounds t 1
