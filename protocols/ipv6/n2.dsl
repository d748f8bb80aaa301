// A socket keeps the route it has found with the serial number as a cookie, and looks up again
// when the number has moved.
//
// Source: bbd63f06d114, net/ipv6/ip6_fib.c (fn_sernum) and the cookie that sockets keep beside a
// route. d27fc78208b5 is about one caller that passed 0.
//
// Expected: stale_after_return and hit proved for `raised_last`: who takes the new number finds the
// new route. stale_at_any_time refuted: between insert and raise, what was cached before still
// matches. Under tso the same; smp_wmb and smp_rmb would show only on weaker machines.
//
// Bounds: two routes inserted; two sockets, each with a look-up and a use in any order.

protocol n2 "the route is inserted, then the tree's serial number is raised"

variant raised_last  // after the fix
// Before the fix. All refuted: the number rises, a look-up takes it and finds the old route, the
// route is inserted: the old route under the current number.
variant raised_first "the serial number is raised on the way down, the route inserted after"
// Why the reader takes the number first. All refuted: look up, insert and raise, take the new
// number for the old route.
variant cookie_after_look_up "the cookie is taken after the look-up"
// Safe and useless: 0 is never the serial number, so the cached route is never used. hits vacuous
// (never reached), and so every proof: nothing is violated because nothing happens.
variant cookie_zero "the cookie beside each route is always 0"

shared sernum = 1             // of the tree; never 0
shared route = 0              // what a look-up finds
cache  dst { route, cookie }  // one cached route per socket

update fib6_add {
    in raised_first: sernum++
    route = fresh  // insert
    not in raised_first {
        smp_wmb()
        sernum++
    }
}

fault connect {
    in raised_last, raised_first {
        cookie = sernum
        smp_rmb()
    }
    found = route
    in cookie_after_look_up {
        smp_rmb()
        cookie = sernum
    }
    in cookie_zero: dst = { route: found, cookie: 0 }
    not in cookie_zero: dst = { route: found, cookie: cookie }
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
expect stale_after_return proved for raised_last
expect stale_after_return vacuous for cookie_zero
expect stale_at_any_time  refuted
expect stale_at_any_time  vacuous for cookie_zero
expect hit                refuted
expect hit                proved for raised_last
expect hit                vacuous for cookie_zero
expect hits               vacuous for cookie_zero
expect hits_new           vacuous for cookie_zero
expect stale_after_return proved for raised_last under tso
expect stale_after_return refuted for raised_first, cookie_after_look_up under tso
// No line under lkmm: route and sernum are read and written plainly, and so data_race is refuted. With
// marked accesses `raised_last` is as under sc, and refuted without its smp_wmb or its smp_rmb: they
// are what keeps a new cookie from standing beside an old route.
