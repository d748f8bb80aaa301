// Four lanes, one of which loses its increment.
protocol lanes
shared n = 0
thread adder {
    seen = n
    n = seen + 1
}
never lost: n < 3 finally
bounds adder 4
