protocol interrupt "an interrupt sees the lane stand still"

shared x = 0
shared y = 0

thread task {
    x = 1
    y = 1
    r = x
    x = r + 1
}

thread irq on task {
    a = x
    b = x
    y = a + b
    x = 5
    c = x
}

never moved: irq[0].a != irq[0].b finally
never lost: x == 2 && y == 10 finally
never stolen: irq[0].c != 5 finally

bounds task 1, irq 2
