// expect E101 at 8
protocol broken
const MANY = 2
shared x = 0
thread t {
    x = MANY
}
bounds t MANY
