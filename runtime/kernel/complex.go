package kernel

import "math"

// ComplexMul is (a+bi)(c+di) = (ac-bd) + (ad+bc)i, every product rounded.
func ComplexMul(x, y complex128) complex128 {
	a, b, c, d := real(x), imag(x), real(y), imag(y)
	return complex(float64(a*c)-float64(b*d), float64(a*d)+float64(b*c))
}

// ComplexDiv divides by Smith's method: it scales by the larger part of the divisor, so that no intermediate overflows
// unless the quotient nearly does. A divisor of zero divides both parts by +0.
func ComplexDiv(x, y complex128) complex128 {
	a, b, c, d := real(x), imag(x), real(y), imag(y)
	if math.Abs(c) >= math.Abs(d) {
		if c == 0 && d == 0 {
			zero := math.Abs(c)
			return complex(a/zero, b/zero)
		}
		ratio := d / c
		den := c + float64(d*ratio)
		return complex((a+float64(b*ratio))/den, (b-float64(a*ratio))/den)
	}
	ratio := c / d
	den := float64(c*ratio) + d
	return complex((float64(a*ratio)+b)/den, (float64(b*ratio)-a)/den)
}

// MulComplex writes x*y elementwise.
func MulComplex(dst, x, y []complex128) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = ComplexMul(x[i&mx], y[i&my])
	}
}

// DivComplex writes x/y elementwise.
func DivComplex(dst, x, y []complex128) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = ComplexDiv(x[i&mx], y[i&my])
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
