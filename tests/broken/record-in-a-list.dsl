// expect E315 at 4
protocol broken
struct node { data }
shared a[2]: node = { { data: 1 }, null }
thread t { a[0] = null }
never x: a[0] == null always
bounds t 1
