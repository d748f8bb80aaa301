// A message that is passed with more than it takes.

protocol passing_twice "whoever sees the flag has to see the message"

shared message = 0
shared flag = 0

update writer {
    WRITE_ONCE(message, 1)
    smp_mb()
    smp_store_release(flag, 1)
}

fault reader {
    seen = smp_load_acquire(flag)
    smp_mb()
    value = READ_ONCE(message)
    told: assert seen == 0 || value == 1
}

bounds updates 1, faults 1
expect told proved
expect told proved under lkmm
