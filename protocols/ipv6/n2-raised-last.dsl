// The order of bbd63f06d114.
//
// Source: bbd63f06d114, net/ipv6/ip6_fib.c (fn_sernum) and the cookie that sockets keep beside a
// route. After the fix.
//
// Expected: stale_after_return and hit proved: who takes the new number finds the new route.
// stale_at_any_time refuted: between insert and raise, what was cached before still matches.
// Under tso the same; smp_wmb and smp_rmb would show only on weaker machines.
//
// Bounds: two routes inserted; two sockets, each with a look-up and a use in any order.

protocol n2_raised_last "the route is inserted, then the tree's serial number is raised"

shared sernum = 1             // of the tree; never 0
shared route = 0              // what a look-up finds
cache  dst { route, cookie }  // one cached route per socket

update fib6_add {
    route = fresh  // insert
    smp_wmb()
    sernum++
}

fault connect {
    cookie = sernum
    smp_rmb()
    found = route
    dst = { route: found, cookie: cookie }
}

thread send {
    want = settled(route)
    e = dst
    now = sernum
    if (filled(e) && e.cookie == now)
        hit: assert e.route >= want
}

lanes socket: connect, send

never stale_after_return: dst.route != route when dst.cookie == sernum settled
never stale_at_any_time:  dst.route != route when dst.cookie == sernum always
reach hits:     at send.hit
reach hits_new: dst.route != 0 && dst.cookie == sernum

bounds updates 2, socket 2, rounds 2
expect stale_after_return proved
expect stale_at_any_time  refuted
expect hit                proved
expect stale_after_return proved under tso
