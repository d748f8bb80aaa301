// Why the reader takes the number first.
//
// Source: bbd63f06d114, net/ipv6/ip6_fib.c (fn_sernum) and the cookie that sockets keep beside a
// route.
// Variant: look up, then take the cookie.
//
// Expected: all refuted: look up, insert and raise, take the new number for the old route.
//
// Bounds: two routes inserted; two sockets, each with a look-up and a use in any order.

protocol n2_cookie_after_look_up "as n2-raised-last, but the cookie is taken after the look-up"

shared sernum = 1             // of the tree; never 0
shared route = 0              // what a look-up finds
cache  dst { route, cookie }  // one cached route per socket

update fib6_add {
    route = fresh  // insert
    smp_wmb()
    sernum++
}

fault connect {
    found = route
    smp_rmb()
    cookie = sernum
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
expect stale_after_return refuted
expect stale_at_any_time  refuted
expect hit                refuted
expect stale_after_return refuted under tso
