package kernel

// A tile is the part of a product that is kept in registers: 4 rows of 8 columns, row by row.
const (
	tileRows    = 4
	tileColumns = 8
)

type tile[T Number] [tileRows * tileColumns]T

// laneWalk is the order in which a long product goes through the lanes of a sum: with the bits reversed, lanes that the
// tree of the sum rule combines follow each other, so that at most 4 partial tiles wait.
var laneWalk = [lanes]int{0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}

// laneSteps is the number of terms of a sum of length k that lane l takes.
func laneSteps(k, l int) int { return (k - l + lanes - 1) / lanes }

// tileStepsLoop adds a·b over the steps, one after the other: a holds 4 elements a step, b 8.
func tileStepsLoop[T Real](t *tile[T], a, b []T, steps int) {
	for i := 0; i < tileRows; i += 2 {
		for j := 0; j < tileColumns; j += 4 {
			t0, t1 := t[i*tileColumns+j:][:4], t[(i+1)*tileColumns+j:][:4]
			c00, c01, c02, c03 := t0[0], t0[1], t0[2], t0[3]
			c10, c11, c12, c13 := t1[0], t1[1], t1[2], t1[3]
			for s := range steps {
				p := a[s*tileRows+i:][:2]
				q := b[s*tileColumns+j:][:4]
				c00 += T(p[0] * q[0])
				c01 += T(p[0] * q[1])
				c02 += T(p[0] * q[2])
				c03 += T(p[0] * q[3])
				c10 += T(p[1] * q[0])
				c11 += T(p[1] * q[1])
				c12 += T(p[1] * q[2])
				c13 += T(p[1] * q[3])
			}
			t0[0], t0[1], t0[2], t0[3] = c00, c01, c02, c03
			t1[0], t1[1], t1[2], t1[3] = c10, c11, c12, c13
		}
	}
}

// tileStepsComplex is tileStepsLoop for complex elements.
func tileStepsComplex(t *tile[complex128], a, b []complex128, steps int) {
	for i := range tileRows {
		for j := 0; j < tileColumns; j += 2 {
			sums := t[i*tileColumns+j:][:2]
			re0, im0, re1, im1 := real(sums[0]), imag(sums[0]), real(sums[1]), imag(sums[1])
			for s := range steps {
				x, q := a[s*tileRows+i], b[s*tileColumns+j:][:2]
				xr, xi := real(x), imag(x)
				yr, yi := real(q[0]), imag(q[0])
				re0 += float64(xr*yr) - float64(xi*yi)
				im0 += float64(xr*yi) + float64(xi*yr)
				yr, yi = real(q[1]), imag(q[1])
				re1 += float64(xr*yr) - float64(xi*yi)
				im1 += float64(xr*yi) + float64(xi*yr)
			}
			sums[0], sums[1] = complex(re0, im0), complex(re1, im1)
		}
	}
}

// tileLanesLoop writes a·b over k >= 32 steps by the rule of sums; the panels are packed in the order of laneWalk.
func tileLanesLoop[T Number](t *tile[T], a, b []T, k int, stack *[4]tile[T]) {
	waiting := 0
	for done := range lanes {
		steps := laneSteps(k, laneWalk[done])
		clear(t[:])
		tileSteps(t, a, b, steps)
		a, b = a[steps*tileRows:], b[steps*tileColumns:]
		for carry := done; carry&1 == 1; carry >>= 1 {
			waiting--
			for i, v := range stack[waiting] {
				t[i] += v
			}
		}
		if done < lanes-1 {
			stack[waiting] = *t
			waiting++
		}
	}
}

// tileSteps is tileStepsLoop by the fastest way for the type.
func tileSteps[T Number](t *tile[T], a, b []T, steps int) {
	switch t := any(t).(type) {
	case *tile[float64]:
		tileStepsF64(t, any(a).([]float64), any(b).([]float64), steps)
	case *tile[float32]:
		tileStepsLoop(t, any(a).([]float32), any(b).([]float32), steps)
	case *tile[int64]:
		tileStepsLoop(t, any(a).([]int64), any(b).([]int64), steps)
	case *tile[complex128]:
		tileStepsComplex(t, any(a).([]complex128), any(b).([]complex128), steps)
	}
}

// tileLanes is tileLanesLoop by the fastest way for the type.
func tileLanes[T Number](t *tile[T], a, b []T, k int, stack *[4]tile[T]) {
	if tf, ok := any(t).(*tile[float64]); ok {
		tileLanesF64(tf, any(a).([]float64), any(b).([]float64), k, any(stack).(*[4]tile[float64]))
		return
	}
	tileLanesLoop(t, a, b, k, stack)
}
