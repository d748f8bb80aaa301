// expect E402 at 7
protocol broken
struct memslots { slot, generation }
rcu slots: memslots = { slot: 0, generation: 0 }
update u {
    new = copy slots
    generation = new.generation + 1
    rcu_assign_pointer(slots, new)
}
never bad: slots.generation == 9 always
bounds updates 1
