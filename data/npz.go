package data

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"

	"github.com/calx-lang/calx/runtime"
)

// An Archive is a .npz file: arrays by name.
type Archive struct {
	name  string
	files map[string]*zip.File
	names []string // as they stand in the file
	limit int64    // bytes that may still be unpacked
}

// ReadNPZ reads the list of the arrays of an .npz file. No more than limit bytes
// are unpacked; the array that would take more is an error when it is read.
func ReadNPZ(name string, content []byte, limit int64) (*Archive, error) {
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, badFile("%s is no .npz file: %v", name, err)
	}
	a := &Archive{name: name, files: map[string]*zip.File{}, limit: limit}
	for _, f := range r.File {
		array := strings.TrimSuffix(f.Name, ".npy")
		if array == f.Name {
			continue // not an array
		}
		if a.files[array] != nil {
			return nil, badFile("%s has several arrays %q", name, array)
		}
		a.files[array] = f
		a.names = append(a.names, array)
	}
	return a, nil
}

// Array is the array of this name.
func (a *Archive) Array(name string) (Typed, error) {
	f := a.files[name]
	if f == nil {
		return Typed{}, badFile("%s has no array %q; it has %s", a.name, name, list(a.names))
	}
	content, err := a.unpack(f)
	if err != nil {
		return Typed{}, err
	}
	return ReadNPY(a.name+":"+name, content)
}

func (a *Archive) unpack(f *zip.File) ([]byte, error) {
	tooLarge := badFile("%s: %s is too large: %d bytes may be unpacked", a.name, f.Name, a.limit)
	if f.UncompressedSize64 > uint64(a.limit) {
		return nil, tooLarge
	}
	r, err := f.Open()
	if err != nil {
		return nil, badFile("%s: %s: %v", a.name, f.Name, err)
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, a.limit+1))
	if err == nil && int64(len(content)) > a.limit {
		return nil, tooLarge
	}
	if err != nil {
		return nil, badFile("%s: %s: %v", a.name, f.Name, err)
	}
	a.limit -= int64(len(content))
	return content, nil
}

// Fit is the only array if an array is wanted, otherwise the record of the
// arrays that are wanted.
func (a *Archive) Fit(want Want) (runtime.Value, error) {
	switch {
	case want.isArray() && len(a.names) == 1:
		only, err := a.Array(a.names[0])
		return only.Value, err
	case want.isArray():
		return nil, badFile("%s has several arrays; name one, as in %s:%s", a.name, a.name, first(a.names))
	case want.isRecord():
		return a.record(want.Names)
	}
	return a.Natural()
}

// Natural is the record of all arrays.
func (a *Archive) Natural() (runtime.Value, error) { return a.record(a.names) }

func (a *Archive) record(names []string) (runtime.Value, error) {
	values := make([]runtime.Value, len(names))
	for i, name := range names {
		array, err := a.Array(name)
		if err != nil {
			return nil, err
		}
		values[i] = array.Value
	}
	return runtime.Record{Names: names, Values: values}, nil
}

func first(names []string) string {
	if len(names) == 0 {
		return "name"
	}
	return names[0]
}
