// expect E212 at 3, E201 at 4, E201 at 5, E201 at 6, E201 at 8, E201 at 9, E201 at 11
protocol broken
const FLAG = 3
shared gen = FLGA
shared a[FLGA] = 0
shared st { x } = { x: FLGA }
thread t {
    gen = gen | FLGA
    c = choose 0..FLGA
    a[0] = c
    st.x = FLGA
}
never bad: gen == 99 always
bounds t 1
