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
	"cluster", "integrate", "interpolate", "io", "nn", "ode", "optimize", "plot", "poly",
	"signal", "special", "stats",
}

// A File is a part of a module.
type File struct{ Name, Text string }

// Files are the parts of a module, none if there is no such module: those of
// "core" are core.calx and those whose names begin with "core_".
func Files(module string) []File {
	var parts []File
	for _, name := range fileNames() {
		if moduleOf(name) != module {
			continue
		}
		content, err := files.ReadFile(name)
		if err != nil {
			return nil
		}
		parts = append(parts, File{name, string(content)})
	}
	return parts
}

// Source is the text of all parts of a module; ok is false if there is none.
func Source(module string) (text string, ok bool) {
	for _, part := range Files(module) {
		text, ok = text+part.Text, true
	}
	return text, ok
}

// Modules are the names of the modules that there are, in order, with "core".
func Modules() []string {
	var names []string
	for _, name := range fileNames() {
		names = append(names, moduleOf(name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func fileNames() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names
}

// moduleOf is the module that a file is a part of.
func moduleOf(file string) string {
	module, _, _ := strings.Cut(strings.TrimSuffix(file, ".calx"), "_")
	return module
}

// IsPlanned reports whether a module is one that a later version will have.
func IsPlanned(module string) bool { return slices.Contains(planned, module) }

// Planned are the names of those modules, in order.
func Planned() []string { return slices.Clone(planned) }
