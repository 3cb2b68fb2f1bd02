package kernel

import "github.com/calx-lang/calx/runtime/elementary"

// Elementwise kernels take a destination and operands of its length; an operand of length 1 stands for that element
// everywhere. The destination may be one of the operands, or share no memory with them.

// mask is the index mask of an operand of length k under a destination of length n: all ones if it has an element for
// each of the destination's, zero if its one element serves all.
func mask(n, k int) int {
	if k == 1 && n != 1 {
		return 0
	}
	return -1
}

func masks(n, kx, ky int) (mx, my int) { return mask(n, kx), mask(n, ky) }

// full says whether both operands have an element for each of the destination's, and so need no mask.
func full(mx, my int) bool { return mx&my == -1 }

// Add writes x+y. Integers wrap.
func Add[T Number](dst, x, y []T) {
	if d, ok := any(dst).([]float64); ok {
		addF64(d, any(x).([]float64), any(y).([]float64))
		return
	}
	addLoop(dst, x, y)
}

func addLoop[T Number](dst, x, y []T) {
	mx, my := masks(len(dst), len(x), len(y))
	switch {
	case full(mx, my):
		x, y = x[:len(dst)], y[:len(dst)]
		for i := range dst {
			dst[i] = x[i] + y[i]
		}
	case mx == -1:
		s := y[0]
		for i, v := range x[:len(dst)] {
			dst[i] = v + s
		}
	default:
		for i := range dst {
			dst[i] = x[i&mx] + y[i&my]
		}
	}
}

// Sub writes x-y. Integers wrap.
func Sub[T Number](dst, x, y []T) {
	if d, ok := any(dst).([]float64); ok {
		subF64(d, any(x).([]float64), any(y).([]float64))
		return
	}
	subLoop(dst, x, y)
}

func subLoop[T Number](dst, x, y []T) {
	mx, my := masks(len(dst), len(x), len(y))
	switch {
	case full(mx, my):
		x, y = x[:len(dst)], y[:len(dst)]
		for i := range dst {
			dst[i] = x[i] - y[i]
		}
	case mx == -1:
		s := y[0]
		for i, v := range x[:len(dst)] {
			dst[i] = v - s
		}
	default:
		for i := range dst {
			dst[i] = x[i&mx] - y[i&my]
		}
	}
}

// Mul writes x*y. Integers wrap. For complex elements see MulComplex.
func Mul[T Real](dst, x, y []T) {
	if d, ok := any(dst).([]float64); ok {
		mulF64(d, any(x).([]float64), any(y).([]float64))
		return
	}
	mulLoop(dst, x, y)
}

func mulLoop[T Real](dst, x, y []T) {
	mx, my := masks(len(dst), len(x), len(y))
	switch {
	case full(mx, my):
		x, y = x[:len(dst)], y[:len(dst)]
		for i := range dst {
			dst[i] = x[i] * y[i]
		}
	case mx == -1:
		s := y[0]
		for i, v := range x[:len(dst)] {
			dst[i] = v * s
		}
	default:
		for i := range dst {
			dst[i] = x[i&mx] * y[i&my]
		}
	}
}

// Div writes x/y. For complex elements see DivComplex, for integers FloorDiv.
func Div[T Float](dst, x, y []T) {
	if d, ok := any(dst).([]float64); ok {
		divF64(d, any(x).([]float64), any(y).([]float64))
		return
	}
	divLoop(dst, x, y)
}

func divLoop[T Float](dst, x, y []T) {
	mx, my := masks(len(dst), len(x), len(y))
	for i := range dst {
		dst[i] = x[i&mx] / y[i&my]
	}
}

// Min writes the IEEE minimum of x and y.
func Min[T Real](dst, x, y []T) {
	if d, ok := any(dst).([]float64); ok {
		minF64(d, any(x).([]float64), any(y).([]float64))
		return
	}
	minLoop(dst, x, y)
}

func minLoop[T Real](dst, x, y []T) {
	mx, my := masks(len(dst), len(x), len(y))
	if d, ok := any(dst).([]int64); ok {
		p, q := any(x).([]int64), any(y).([]int64)
		for i := range d {
			d[i] = min(p[i&mx], q[i&my]) // without a branch
		}
		return
	}
	for i := range dst {
		dst[i] = elementary.Min(x[i&mx], y[i&my])
	}
}

// Max writes the IEEE maximum of x and y.
func Max[T Real](dst, x, y []T) {
	if d, ok := any(dst).([]float64); ok {
		maxF64(d, any(x).([]float64), any(y).([]float64))
		return
	}
	maxLoop(dst, x, y)
}

func maxLoop[T Real](dst, x, y []T) {
	mx, my := masks(len(dst), len(x), len(y))
	if d, ok := any(dst).([]int64); ok {
		p, q := any(x).([]int64), any(y).([]int64)
		for i := range d {
			d[i] = max(p[i&mx], q[i&my]) // without a branch
		}
		return
	}
	for i := range dst {
		dst[i] = elementary.Max(x[i&mx], y[i&my])
	}
}

// Neg writes -x. For complex elements see NegComplex.
func Neg[T Real](dst, x []T) {
	if d, ok := any(dst).([]float64); ok {
		negF64(d, any(x).([]float64))
		return
	}
	negLoop(dst, x)
}

func negLoop[T Real](dst, x []T) {
	m := mask(len(dst), len(x))
	for i := range dst {
		dst[i] = -x[i&m]
	}
}

// Abs writes |x|; the absolute value of -0 is +0 and that of the least integer is itself.
func Abs[T Real](dst, x []T) {
	if d, ok := any(dst).([]float64); ok {
		absF64(d, any(x).([]float64))
		return
	}
	absLoop(dst, x)
}

func absLoop[T Real](dst, x []T) {
	m := mask(len(dst), len(x))
	for i := range dst {
		v := x[i&m]
		switch {
		case v < 0:
			v = -v
		case v == 0:
			v = 0
		}
		dst[i] = v
	}
}

// Sign writes -1, 0 or 1 by the sign of x: +0 for both zeros, NaN for NaN.
func Sign[T Real](dst, x []T) {
	m := mask(len(dst), len(x))
	for i := range dst {
		v := x[i&m]
		switch {
		case v > 0:
			v = 1
		case v < 0:
			v = -1
		case v == 0:
			v = 0
		}
		dst[i] = v
	}
}

// Fill writes v everywhere.
func Fill[T Element](dst []T, v T) {
	for i := range dst {
		dst[i] = v
	}
}

// Select writes a where c, b elsewhere.
func Select[T Element](dst []T, c []bool, a, b []T) {
	if d, ok := any(dst).([]float64); ok && len(c) == len(d) {
		selectF64(d, c, any(a).([]float64), any(b).([]float64))
		return
	}
	selectLoop(dst, c, a, b)
}

func selectLoop[T Element](dst []T, c []bool, a, b []T) {
	mc := mask(len(dst), len(c))
	ma, mb := masks(len(dst), len(a), len(b))
	for i := range dst {
		v := b[i&mb]
		if c[i&mc] {
			v = a[i&ma]
		}
		dst[i] = v
	}
}
