// Package stdlib holds the standard library of Calx, written in Calx.
package stdlib

import "embed"

//go:embed *.calx
var files embed.FS

// Source is the text of a module.
func Source(module string) (text string, ok bool) {
	data, err := files.ReadFile(module + ".calx")
	return string(data), err == nil
}

// Modules are the names of all modules, those to come among them.
func Modules() []string {
	return []string{
		"linalg", "fft", "random", "special", "integrate", "ode", "optimize", "interpolate", "poly", "stats",
		"signal", "sparse", "cluster", "nn", "numeric", "plot", "io",
	}
}
