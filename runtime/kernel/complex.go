package kernel

import "github.com/calx-lang/calx/runtime/elementary"

// MulComplex writes x*y elementwise.
func MulComplex(dst, x, y []complex128) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = elementary.MulComplex(x[i&mx], y[i&my])
	}
}

// DivComplex writes x/y elementwise.
func DivComplex(dst, x, y []complex128) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = elementary.DivComplex(x[i&mx], y[i&my])
	}
}

// Complex writes re + im·i elementwise.
func Complex(dst []complex128, re, im []float64) {
	mx, my := masks(len(dst), len(re), len(im))
	for i := range dst {
		dst[i] = complex(re[i&mx], im[i&my])
	}
}

// RealPart writes the real parts of x.
func RealPart(dst []float64, x []complex128) {
	m := mask(len(dst), len(x))
	for i := range dst {
		dst[i] = real(x[i&m])
	}
}

// ImagPart writes the imaginary parts of x.
func ImagPart(dst []float64, x []complex128) {
	m := mask(len(dst), len(x))
	for i := range dst {
		dst[i] = imag(x[i&m])
	}
}

// Conj writes the complex conjugates of x.
func Conj(dst, x []complex128) {
	m := mask(len(dst), len(x))
	for i := range dst {
		dst[i] = complex(real(x[i&m]), -imag(x[i&m]))
	}
}

// NegComplex writes -x: both signs change, also those of zeros.
func NegComplex(dst, x []complex128) {
	m := mask(len(dst), len(x))
	for i := range dst {
		dst[i] = complex(-real(x[i&m]), -imag(x[i&m]))
	}
}
