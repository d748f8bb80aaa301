// 2026-11-22 compared-record-wraps: what a compare-exchange compares with was taken modulo 2^k in a
// record and not as a number or as an entry in a local. C casts it to the type of the place, so an
// 8 matches a 0 of 3 bits in each of them.

protocol compared_record_wraps

word   w { x: bits 3 } = { x: 0 }
word   v { x: bits 3 } = { x: 0 }
shared gen: bits 3 = 0
shared eight = 8

thread t {
    e = { x: 8 }
    local = cmpxchg_double(v, e, { x: 1 })
    by_local: assert local == 0
    number = try_cmpxchg(gen, eight, 1)
    by_number: assert number == 0
    record = cmpxchg_double(w, { x: eight }, { x: 1 })
    by_record: assert record == 0
}

bounds t 1
expect by_local  refuted
expect by_number refuted
expect by_record refuted
