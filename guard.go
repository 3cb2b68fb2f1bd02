package calx

import (
	"errors"
	"fmt"
	"io"

	"github.com/calx-lang/calx/ast"
)

// What the Go program gives to be called may panic. That is an error of its own,
// not a bug of ours.

// loader is opts.Load, nil if there is none.
func (opts Options) loader() func(from *ast.Source, path string) (*ast.Source, error) {
	if opts.Load == nil {
		return nil
	}
	return func(from *ast.Source, path string) (source *ast.Source, err error) {
		defer recoverTheirs("the loader", &err)
		source, err = opts.Load(from, path)
		if source == nil && err == nil {
			err = errors.New("the loader gave nothing")
		}
		return source, err
	}
}

// output is opts.Output, nil if there is none.
func (opts RunOptions) output() io.Writer {
	if opts.Output == nil {
		return nil
	}
	return guardedWriter{opts.Output}
}

type guardedWriter struct{ io.Writer }

func (w guardedWriter) Write(text []byte) (n int, err error) {
	defer recoverTheirs("the writer", &err)
	return w.Writer.Write(text)
}

func recoverTheirs(name string, err *error) {
	switch r := recover().(type) {
	case nil:
	case error:
		*err = fmt.Errorf("%s panicked: %w", name, r)
	default:
		*err = fmt.Errorf("%s panicked: %v", name, r)
	}
}
