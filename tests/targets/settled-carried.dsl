protocol settled_carried "a ghost carries what has settled to another lane"

shared x = 0
shared z = 0
ghost g = 0

update up {
    x = 1
}

thread carries {
    w = settled(x)
    g = w
}

thread sees {
    z = 1
    assert g == 0
}

bounds updates 1, carries 1, sees 1
