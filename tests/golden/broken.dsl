protocol broken
struct memslots { slot, generation }
rcu slots: memslots = { slot: 0, generation: 0 }
update set {
	new = copy slots
	new.generation = gne + 1
    rcu_assign_pointer(slots, new); /* a line that is much longer than a terminal is wide, so that only a part of it can be shown */ rcu_assign_pointer(slots, nwe)
}
never odd: slots.generation == 3 always
bounds updates 1
