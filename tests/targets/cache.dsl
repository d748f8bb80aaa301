// A cached value with a generation; one lane caches, and accesses what it cached.

protocol cached

shared slot = 0
shared generation = 0
cache mmio { slot, generation }

update change {
    slot++
    generation++
}

fault fill {
    g = generation
    s = slot
    mmio = { slot: s, generation: g }
}

fault use {
    if (filled(mmio) && mmio.generation == generation)
        hit: assert mmio.slot <= slot
}

lanes vcpu: fill, use

never stale: mmio.slot != slot when mmio.generation == generation settled
never stale_always: mmio.slot != slot when mmio.generation == generation always
never never_filled: mmio.slot == 7 when mmio.generation == 7 settled

bounds updates 1, vcpu 1, rounds 2
