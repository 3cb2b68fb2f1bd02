package kernel

import "github.com/calx-lang/calx/runtime/elementary"

// dotLanesLoop adds x[l]*y[l], x[l+16]*y[l+16], … to lane l; the length of x is a multiple of 16.
func dotLanesLoop[T Real](l *[lanes]T, x, y []T) {
	for ; len(x) >= lanes; x, y = x[lanes:], y[lanes:] {
		p, q := x[:lanes], y[:lanes]
		for i := range l {
			l[i] += T(p[i] * q[i])
		}
	}
}

// addScaledLoop adds s*x to acc.
func addScaledLoop[T Real](acc, x []T, s T) {
	acc = acc[:len(x)]
	for i, v := range x {
		acc[i] += T(s * v)
	}
}

// addScaled is addScaledLoop by the fastest way for the type, with s the left or the right factor (which shows in the
// order of complex factors only through NaN, and so never).
func addScaled[T Number](acc, x []T, s T) {
	switch acc := any(acc).(type) {
	case []float64:
		addScaledF64(acc, any(x).([]float64), any(s).(float64))
	case []float32:
		addScaledLoop(acc, any(x).([]float32), any(s).(float32))
	case []int64:
		addScaledLoop(acc, any(x).([]int64), any(s).(int64))
	case []complex128:
		x, s := any(x).([]complex128), any(s).(complex128)
		for i, v := range x {
			acc[i] += elementary.MulComplex(s, v)
		}
	}
}

// mulNumber is the rounded product of two elements of any type. It is for code that isn't hot.
func mulNumber[T Number](x, y T) T {
	switch x := any(x).(type) {
	case float64:
		return any(float64(x * any(y).(float64))).(T)
	case float32:
		return any(float32(x * any(y).(float32))).(T)
	case int64:
		return any(x * any(y).(int64)).(T)
	case complex128:
		return any(elementary.MulComplex(x, any(y).(complex128))).(T)
	}
	return x
}

// dot is the sum of x[i*sx]*y[i*sy] over n terms by the rule of sums.
func dot[T Number](x, y []T, n, sx, sy int, p *poller) (T, error) {
	if n == 0 {
		var zero T
		return zero, nil
	}
	switch x := any(x).(type) {
	case []float64:
		y := any(y).([]float64)
		if sx == 1 && sy == 1 {
			v, err := dotContiguous(x[:n], y[:n], p)
			return any(v).(T), err
		}
		v, err := dotStrided(x, y, n, sx, sy, p)
		return any(v).(T), err
	case []float32:
		v, err := dotStrided(x, any(y).([]float32), n, sx, sy, p)
		return any(v).(T), err
	case []int64:
		v, err := dotStrided(x, any(y).([]int64), n, sx, sy, p)
		return any(v).(T), err
	case []complex128:
		v, err := dotComplex(x, any(y).([]complex128), n, sx, sy, p)
		return any(v).(T), err
	}
	var zero T
	return zero, nil
}

// dotPiece is the number of terms between polls, a multiple of the number of lanes.
const dotPiece = 1 << 13

func dotContiguous(x, y []float64, p *poller) (float64, error) {
	if len(x) < longSum {
		sum := 0.0
		for i, v := range x {
			sum += float64(v * y[i])
		}
		return sum, p.spend(len(x))
	}
	var l [lanes]float64
	for len(x) >= lanes {
		piece := min(len(x)&^(lanes-1), dotPiece)
		dotLanesF64(&l, x[:piece], y[:piece])
		x, y = x[piece:], y[piece:]
		if err := p.spend(piece); err != nil {
			return 0, err
		}
	}
	for i, v := range x {
		l[i] += float64(v * y[i])
	}
	return foldLanes(&l), nil
}

func dotStrided[T Real](x, y []T, n, sx, sy int, p *poller) (T, error) {
	if n < longSum {
		var sum T
		for i := range n {
			sum += T(x[i*sx] * y[i*sy])
		}
		return sum, p.spend(n)
	}
	var l [lanes]T
	for lo := 0; lo < n; lo += dotPiece {
		hi := min(n, lo+dotPiece)
		for i := lo; i < hi; i++ {
			l[i%lanes] += T(x[i*sx] * y[i*sy])
		}
		if err := p.spend(hi - lo); err != nil {
			return l[0], err
		}
	}
	return foldLanes(&l), nil
}

func dotComplex(x, y []complex128, n, sx, sy int, p *poller) (complex128, error) {
	if n < longSum {
		var sum complex128
		for i := range n {
			sum += elementary.MulComplex(x[i*sx], y[i*sy])
		}
		return sum, p.spend(2 * n)
	}
	var l [lanes]complex128
	for lo := 0; lo < n; lo += dotPiece {
		hi := min(n, lo+dotPiece)
		for i := lo; i < hi; i++ {
			l[i%lanes] += elementary.MulComplex(x[i*sx], y[i*sy])
		}
		if err := p.spend(4 * (hi - lo)); err != nil {
			return 0, err
		}
	}
	return foldLanes(&l), nil
}
