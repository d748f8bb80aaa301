// expect E109 at 4
protocol p
shared x = 0
// written from right to left: ‮ x = 1
update u { x = 1 }
bounds updates 1
