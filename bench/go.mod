module github.com/calx-lang/calx/bench

go 1.26.8

require (
	github.com/calx-lang/calx v0.0.0
	gonum.org/v1/gonum v0.17.0
)

require (
	github.com/alecthomas/participle/v2 v2.1.4 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/calx-lang/calx => ../
