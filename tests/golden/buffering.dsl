// Store buffering: refuted under tso only.
protocol buffering
shared x = 0
shared y = 0
thread one {
    x = 1
    a = y
}
thread two {
    y = 1
    b = x
}
never both_old: one[0].a == 0 && two[0].b == 0 finally
bounds one 1, two 1
expect both_old proved
expect both_old refuted under tso
