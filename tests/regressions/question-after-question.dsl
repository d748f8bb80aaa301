// 2026-11-22 question-after-question: the reads of one question were given the possible values
// of another question's reads of the same number, and an entry's fields were mixed up with a
// number's (IndexError).

protocol question_after_question

shared x = 0
word w { m, n } = { m: 1, n: 2 }

thread writer {
    x = 1
    w = { m: x, n: x }
}

never both: w.n == 2 && x == 3 always
never number: x == 3 always
never second: w.n == 7 always
reach changes: x == 1
reach ends: w.n == 1 && w.m == 1

bounds writer 1
