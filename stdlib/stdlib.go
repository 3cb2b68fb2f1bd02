// Package stdlib holds the modules of the standard library that are written in
// Calx. What comes in is the name of a module, what goes out its text; reading
// and checking it is up to the front end. The functions of "core" need no
// prefix.
package stdlib

import (
	"embed"
	"slices"
	"strings"
)

//go:embed *.calx
var files embed.FS

// planned are the modules that the language has and this version doesn't.
var planned = []string{
	"cluster", "integrate", "interpolate", "io", "nn", "numeric", "ode", "optimize", "plot", "poly",
	"signal", "sparse", "special", "stats",
}

// Source is the text of a module; ok is false if there is none.
func Source(module string) (text string, ok bool) {
	content, err := files.ReadFile(module + ".calx")
	return string(content), err == nil
}

// Modules are the names of the modules that there are, in order, with "core".
func Modules() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		names = append(names, strings.TrimSuffix(entry.Name(), ".calx"))
	}
	slices.Sort(names)
	return names
}

// IsPlanned reports whether a module is one that a later version will have.
func IsPlanned(module string) bool { return slices.Contains(planned, module) }

// Planned are the names of those modules, in order.
func Planned() []string { return slices.Clone(planned) }
