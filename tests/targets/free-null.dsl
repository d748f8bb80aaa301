protocol free_null "what is freed may be null, and that is no step"

struct node { f }
shared p: node = { f: 1 }
shared later: node = null
shared done = 0

thread taker {
    mine = xchg(p, null)
    either { kfree(mine) } or { kfree_rcu(mine) }
    atomic_inc(done)
}

thread storer {
    done = 4
    kfree(later)
    r = p
}

never all: done == 2 finally
never late: storer[0].r == null && done == 0 finally

bounds taker 2, storer 1
