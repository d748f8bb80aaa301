// expect E101 at 4
protocol broken
shared x = 0
udpate foo {
    x = 1
}
