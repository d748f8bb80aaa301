// expect E102 at 3
protocol broken
#define FLAG 1
shared x = 0;
thread t {
    x = 1;
}
never bad: x == 99 always
bounds t 1
