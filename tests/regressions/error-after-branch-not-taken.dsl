// 2026-11-22 error-after-branch-not-taken: an error of the run counted only if the event that
// stands before it in the text had happened, though the lane may have come another way. The
// error was missed wherever that event lies in a branch that is not taken: `null_dereference`
// and `negative_operand` were PROVED here, and the loop's bound was said never to be used up.

protocol error_after_branch_not_taken

struct node { f }
shared x = 0
shared y = 0
shared p: node = null

thread reader {
    q = p
    d = y - 1
    if (x == 1)
        s = y
    either {
        u = q.f
    } or {
        v = d % 2
    } or {
        while 1 (x == 0 || y == 1) {
            x = x
        }
    } or {
    }
}

thread writer {
    z = x
}

never done: reader[0].s == 1 && reader[0].u == 1 && reader[0].v == 1 finally
never seen: writer[0].z == 1 finally

bounds reader 1, writer 1
expect null_dereference refuted
expect negative_operand refuted
expect done vacuous
