package data

import (
	"bytes"
	"encoding/binary"
	"os"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// The files of testdata were written by NumPy 2.4.
func TestNPYReadsWhatNumPyWrites(t *testing.T) {
	halves := shaped([]int{2, 3}, 0, 0.5, 1, 1.5, 2, 2.5)
	pairs := shaped([]int{2, 3}, 0+2i, 1+1i, 2+0i, 3+5i, 4+4i, 5+3i)
	cube := make([]float64, 24)
	for i := range cube {
		cube[i] = float64(i)
	}
	tests := []struct {
		file  string
		value runtime.Value
	}{
		{"f8.npy", halves},
		{"f8_columns.npy", halves},
		{"version2.npy", halves},
		{"f4.npy", shaped([]int{2, 3}, float32(0), 0.5, 1, 1.5, 2, 2.5)},
		{"i8.npy", shaped([]int{2, 3}, int64(-3), -2, -1, 0, 1, 2)},
		{"i2_big_endian.npy", shaped([]int{2, 3}, int64(-3), -2, -1, 0, 1, 2)},
		{"u1.npy", shaped([]int{2, 3}, int64(250), 251, 252, 253, 254, 255)},
		{"b1.npy", shaped([]int{2, 3}, true, false, true, false, true, false)},
		{"c16.npy", pairs},
		{"c8_big_endian.npy", pairs},
		{"scalar.npy", runtime.Scalar(2.5)},
		{"empty.npy", shaped[float64]([]int{0, 3})},
		{"cube_columns.npy", mustShape(cube, []int{2, 3, 4})},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			got, err := ReadNPY(test.file, readFile(t, test.file))
			if err != nil {
				t.Fatal(err)
			}
			if !runtime.Equal(got.Value, test.value) {
				t.Errorf("got %s, want %s", show(got.Value), show(test.value))
			}
		})
	}
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// npy is a file of version 1 with this header.
func npy(header string, elements ...byte) []byte {
	content := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(header)))
	return append(append(content, header...), elements...)
}

func TestNPYMistakes(t *testing.T) {
	const (
		intact    = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }"
		enormous  = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 2), }"
		countless = "{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000, 4000000000, 4), }"
		records   = "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }"
		objects   = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
		negative  = "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }"
	)
	tests := []struct {
		name    string
		content []byte
		err     string
	}{
		{"empty", nil, `x.npy is no .npy file: it doesn't begin with \x93NUMPY`},
		{"ends at the magic", []byte("\x93NUMPY"), "x.npy ends within its header"},
		{"a new version", []byte("\x93NUMPY\x09\x00\x00\x00"), "x.npy has version 9 of the .npy format; 1, 2 and 3 can be read"},
		{"a long header", []byte("\x93NUMPY\x02\x00\xff\xff\xff\xff{"), "x.npy says its header has 4294967295 bytes, but 1 follow"},
		{"truncated", npy(intact, 1, 2, 3), "x.npy says it has shape [1] of f8 (8 bytes each), but 3 bytes follow"},
		{"too long", npy(intact, make([]byte, 16)...), "x.npy says it has shape [1] of f8 (8 bytes each), but 16 bytes follow"},
		{"a shape far too large", npy(enormous, make([]byte, 8)...), "x.npy says it has shape [1000000000000, 2] of f8 (8 bytes each), but 8 bytes follow"},
		{"a shape that overflows", npy(countless, make([]byte, 8)...), "x.npy: an array of shape [4000000000 4000000000 4] has more elements than can be counted"},
		{"a negative size", npy(negative), "x.npy has a header that can't be read"},
		{"records", npy(records), "x.npy holds records; only arrays of numbers can be read"},
		{"objects", npy(objects), `x.npy holds elements of type "|O"`},
		{"no dict", npy("[1, 2]"), `x.npy has a header that can't be read: "[1, 2]"`},
		{"an open dict", npy("{'descr': '<f8', 'fortran_order': False"), "x.npy has a header that can't be read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadNPY("x.npy", test.content)
			if err == nil || !strings.HasPrefix(err.Error(), test.err) {
				t.Errorf("got error %v, want %s", err, test.err)
			}
		})
	}
}

func TestNPZ(t *testing.T) {
	const plenty = 1 << 20
	archive, err := ReadNPZ("two.npz", readFile(t, "two.npz"), plenty)
	if err != nil {
		t.Fatal(err)
	}
	halves := shaped([]int{2, 3}, 0, 0.5, 1, 1.5, 2, 2.5)
	if x, err := archive.Array("x"); err != nil || !runtime.Equal(x.Value, halves) {
		t.Errorf("x: got %v, %v", show(x.Value), err)
	}
	whole, err := archive.Natural()
	want := runtime.Record{Names: []string{"x", "n"}, Values: []runtime.Value{halves, runtime.Scalar(int64(7))}}
	if err != nil || !runtime.Equal(whole, want) {
		t.Errorf("got %v, %v", show(whole), err)
	}
	if _, err := archive.Array("y"); err == nil || err.Error() != `two.npz has no array "y"; it has x, n` {
		t.Errorf("no such array: %v", err)
	}
	if _, err := archive.Fit(matrix); err == nil || err.Error() != "two.npz has several arrays; name one, as in two.npz:x" {
		t.Errorf("several arrays for one: %v", err)
	}
	if v, err := Read("one.npz", "", readFile(t, "one.npz"), plenty); err != nil {
		t.Error(err)
	} else if x, err := v.Fit(Want{DType: ir.F64, Rank: 2}); err != nil || !runtime.Equal(x, halves) {
		t.Errorf("the only array: got %v, %v", show(x), err)
	}
	if small, err := ReadNPZ("one.npz", readFile(t, "one.npz"), 100); err != nil {
		t.Error(err)
	} else if _, err := small.Array("x"); err == nil || err.Error() != "one.npz: x.npy is too large: 100 bytes may be unpacked" {
		t.Errorf("over the limit: %v", err)
	}
	if _, err := ReadNPZ("x.npz", []byte("PK\x03\x04 nothing"), plenty); err == nil {
		t.Error("a broken archive was read")
	}
}

func FuzzNPY(f *testing.F) {
	for _, file := range []string{"f8.npy", "f8_columns.npy", "c8_big_endian.npy", "i2_big_endian.npy", "version2.npy", "one.npz", "two.npz"} {
		f.Add(readFile(f, file))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if v, err := ReadNPY("x.npy", content); err == nil {
			size := v.Value.(*runtime.Array).Len()
			if size > len(content) {
				t.Errorf("%d elements from %d bytes", size, len(content))
			}
		}
		if bytes.HasPrefix(content, []byte("PK")) {
			if archive, err := ReadNPZ("x.npz", content, 1<<20); err == nil {
				_, _ = archive.Natural()
			}
		}
	})
}
