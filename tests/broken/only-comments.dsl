// expect E004 at 1
// nothing

/* at all */
