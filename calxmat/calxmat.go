// Package calxmat leads from the matrices of gonum to arrays for Calx programs,
// and back. What lies in row order without gaps is shared, not copied.
package calxmat

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/calx-lang/calx"
)

// Of is a matrix as an f64[rows, columns]. The elements of a *mat.Dense, and of a
// part of one, are seen where they are; those of other matrices are copied.
func Of(m mat.Matrix) calx.Array {
	if dense, ok := m.(mat.RawMatrixer); ok {
		raw := dense.RawMatrix()
		return calx.Array{Shape: []int{raw.Rows, raw.Cols}, Strides: []int{raw.Stride, 1}, Data: raw.Data}
	}
	rows, columns := m.Dims()
	data := make([]float64, 0, rows*columns)
	for i := range rows {
		for j := range columns {
			data = append(data, m.At(i, j))
		}
	}
	return calx.Array{Shape: []int{rows, columns}, Data: data}
}

// OfVector is a vector as an f64[n]. The elements of a *mat.VecDense are seen
// where they are; those of other vectors are copied.
func OfVector(v mat.Vector) calx.Array {
	if dense, ok := v.(mat.RawVectorer); ok {
		raw := dense.RawVector()
		return calx.Array{Shape: []int{raw.N}, Strides: []int{raw.Inc}, Data: raw.Data}
	}
	data := make([]float64, v.Len())
	for i := range data {
		data[i] = v.AtVec(i)
	}
	return calx.Array{Shape: []int{len(data)}, Data: data}
}

// OfComplex is a complex matrix as a c128[rows, columns].
func OfComplex(m mat.CMatrix) calx.Array {
	if dense, ok := m.(mat.RawCMatrixer); ok {
		raw := dense.RawCMatrix()
		return calx.Array{Shape: []int{raw.Rows, raw.Cols}, Strides: []int{raw.Stride, 1}, Data: raw.Data}
	}
	rows, columns := m.Dims()
	data := make([]complex128, 0, rows*columns)
	for i := range rows {
		for j := range columns {
			data = append(data, m.At(i, j))
		}
	}
	return calx.Array{Shape: []int{rows, columns}, Data: data}
}

// Dense is a value of a program, an f64[rows, columns] or what widens to it, as a
// matrix of gonum, which has no matrices without elements.
func Dense(v calx.Value) (*mat.Dense, error) {
	rows, columns, data, err := elements[float64](v)
	if err != nil {
		return nil, err
	}
	return mat.NewDense(rows, columns, data), nil
}

// Vector is a value of a program, an f64[n] or what widens to it, as a vector of
// gonum, which has no vectors without elements.
func Vector(v calx.Value) (*mat.VecDense, error) {
	data, err := calx.As[[]float64](v)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, fmt.Errorf("gonum has no vectors without elements")
	}
	return mat.NewVecDense(len(data), data), nil
}

// Complex is a value of a program, a c128[rows, columns] or what widens to it, as
// a matrix of gonum.
func Complex(v calx.Value) (*mat.CDense, error) {
	rows, columns, data, err := elements[complex128](v)
	if err != nil {
		return nil, err
	}
	return mat.NewCDense(rows, columns, data), nil
}

// elements are those of a matrix, in row order.
func elements[T float64 | complex128](v calx.Value) (rows, columns int, data []T, err error) {
	a, err := calx.As[calx.Array](v)
	if err != nil {
		return 0, 0, nil, err
	}
	if len(a.Shape) != 2 || a.Shape[0] == 0 || a.Shape[1] == 0 {
		return 0, 0, nil, fmt.Errorf("%s is no matrix of gonum: those have two axes, and elements", calx.TypeOf(v))
	}
	if data, ok := a.Data.([]T); ok {
		return a.Shape[0], a.Shape[1], data, nil
	}
	lines, err := calx.As[[][]T](v)
	if err != nil {
		return 0, 0, nil, err
	}
	for _, line := range lines {
		data = append(data, line...)
	}
	return a.Shape[0], a.Shape[1], data, nil
}
