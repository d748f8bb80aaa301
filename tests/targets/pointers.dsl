// Which object a read goes to is decided by the pointer that it follows.

protocol pointers

struct node { f, next: node }
object last: node = { f: 2, next: null }
object head: node = { f: 1, next: last }
shared p: node = head

thread writer {
    q = p
    q.f = 5
    p = q.next
    n = copy q
    n.f = 7
    p = n
}

thread reader {
    q = p
    r = q.f
    s = p.f
    if (q.next)
        t = q.next.f
}

never seven: reader[0].r == 7 && reader[0].s == 5 finally
never five: reader[0].r == 5 && reader[0].s == 1 finally
never two: p.f == 5 when p.next == null always
never tail: reader[0].t == 1 finally

bounds writer 1, reader 1
