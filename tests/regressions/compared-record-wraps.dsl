// 2026-11-22 compared-record-wraps: the record that a compare-exchange compares with was taken
// modulo 2^k like one that is stored, so an 8 matched a 0 of 3 bits (REFUTED, not PROVED); a
// number, and an entry in a local, are compared as they are.

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
expect by_local  proved
expect by_number proved
expect by_record proved
