// expect E312 at 5
protocol broken
word w { x } = { x: 0 }
update u {
    e = settled(w)
    assert e.x == 0
}
bounds updates 1
