// Package elementary defines the elementary functions of the language, to the
// bit: exp, log, sin and their kin, powers, remainders, rounding, on single
// numbers and on slices.
//
// A function's meaning is one straight-line definition in float64: sums and
// products, each rounded, selects and bit operations, without tables and
// without fused multiply-add, so that it can be computed lane by lane with the
// same bits anywhere. Every product is therefore written float64(x*y). Where
// a definition has a limit (|x| > 2^20 in sin, cos, tan), a scalar slow path
// defines the rest. Any NaN that a function returns is NaN(), but of products
// and quotients, minima and maxima it may be any.
//
// Accuracy states the error of each function; complex functions are made from
// the real ones.
package elementary

//go:generate go run ./internal/generate
