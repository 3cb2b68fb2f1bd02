package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/calx-lang/calx/ast"
)

// readSource reads a script; "-" is what stands on the standard input.
func (t *terminal) readSource(file string) (*ast.Source, error) {
	if file == "-" {
		text, err := io.ReadAll(t.in)
		return &ast.Source{Name: "standard input", Text: string(text)}, err
	}
	text, err := readFile(file)
	return &ast.Source{Name: filepath.Clean(file), Text: string(text)}, err
}

// readFile is os.ReadFile with errors in the words of this command.
func readFile(file string) ([]byte, error) {
	content, err := os.ReadFile(file)
	switch {
	case err == nil:
		return content, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file %s", file)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s may not be read", file)
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		return nil, fmt.Errorf("%s can't be read: %w", file, at.Err)
	}
	return nil, err
}

// load gives the file that another one imports, relative to where that stands.
// What was typed or piped in stands in the current folder.
func load(from *ast.Source, path string) (*ast.Source, error) {
	file := filepath.FromSlash(path)
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(from.Name), file)
	}
	text, err := readFile(file)
	if err != nil {
		return nil, err
	}
	return &ast.Source{Name: file, Text: string(text)}, nil
}
