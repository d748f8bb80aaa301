// expect E109 at 4
protocol p
shared x = 0
// a comment that ends here for some readers onlyword hidden = 1
update u { x = 1 }
bounds updates 1
