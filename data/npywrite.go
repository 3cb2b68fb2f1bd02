package data

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/calx-lang/calx/ir"
	"github.com/calx-lang/calx/runtime"
)

// WriteNPZ writes arrays by name to an .npz file, as numpy.savez does. Every bit
// of them can be read back. Such a file holds arrays only, so texts, tuples and
// records are errors.
func WriteNPZ(w io.Writer, values []Named) error {
	archive := zip.NewWriter(w)
	seen := map[string]bool{}
	for _, v := range values {
		a, ok := v.Value.(*runtime.Array)
		if !ok {
			return fmt.Errorf("an .npz file holds arrays, and %s is none", strconv.Quote(v.Name))
		}
		if seen[v.Name] {
			return fmt.Errorf("an .npz file holds one array %s, not two", strconv.Quote(v.Name))
		}
		seen[v.Name] = true
		file, err := archive.CreateHeader(&zip.FileHeader{Name: v.Name + ".npy", Method: zip.Store})
		if err != nil {
			return err
		}
		if err := WriteNPY(file, a); err != nil {
			return err
		}
	}
	return archive.Close()
}

// WriteNPY writes an array in NumPy's format, version 1, as numpy.save does.
func WriteNPY(w io.Writer, a *runtime.Array) error {
	if a.Rank() > maxNPYRank {
		return fmt.Errorf("an .npy file holds arrays of at most %d axes, and this has %d", maxNPYRank, a.Rank())
	}
	out := bufio.NewWriterSize(w, 64<<10)
	out.WriteString(npyHead(a))
	little := binary.LittleEndian
	var b [8]byte
	word := func(bits uint64) { little.PutUint64(b[:], bits); out.Write(b[:]) }
	switch a.DType() {
	case ir.Bool:
		for _, x := range a.Bool() {
			b[0] = 0
			if x {
				b[0] = 1
			}
			out.WriteByte(b[0])
		}
	case ir.I64:
		for _, x := range a.I64() {
			word(uint64(x))
		}
	case ir.F32:
		for _, x := range a.F32() {
			little.PutUint32(b[:], math.Float32bits(x))
			out.Write(b[:4])
		}
	case ir.F64:
		for _, x := range a.F64() {
			word(math.Float64bits(x))
		}
	case ir.C128:
		for _, x := range a.C128() {
			word(math.Float64bits(real(x)))
			word(math.Float64bits(imag(x)))
		}
	}
	return out.Flush()
}

// npyHead is what stands before the elements; they begin at a multiple of 64.
func npyHead(a *runtime.Array) string {
	descr := map[ir.DType]string{ir.Bool: "|b1", ir.I64: "<i8", ir.F32: "<f4", ir.F64: "<f8", ir.C128: "<c16"}[a.DType()]
	sizes := make([]string, a.Rank())
	for i, n := range a.Shape() {
		sizes[i] = strconv.Itoa(n)
	}
	shape := strings.Join(sizes, ", ")
	if len(sizes) == 1 {
		shape += ","
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, shape)
	const before = len("\x93NUMPY\x01\x00") + 2
	text += strings.Repeat(" ", 63-(before+len(text))%64) + "\n"
	return "\x93NUMPY\x01\x00" + string(binary.LittleEndian.AppendUint16(nil, uint16(len(text)))) + text
}
