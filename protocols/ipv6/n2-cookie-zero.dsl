// Safe and useless: 0 is never the serial number, so the cached route is never used.
//
// Source: bbd63f06d114, net/ipv6/ip6_fib.c (fn_sernum) and the cookie that sockets keep beside a
// route. d27fc78208b5 is about one caller that passed 0.
// Variant: every socket stores 0 as the cookie of its route.
//
// Expected: hits vacuous (never reached), and so every proof of the file: nothing is violated
// because nothing happens.
//
// Bounds: two routes inserted; two sockets, each with a look-up and a use in any order.

protocol n2_cookie_zero "as n2-raised-last, but the cookie beside each route is always 0"

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
    dst = { route: found, cookie: 0 }
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
expect stale_after_return vacuous
expect stale_at_any_time  vacuous
expect hit                vacuous
expect hits               vacuous
expect hits_new           vacuous
