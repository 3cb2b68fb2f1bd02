package kernel

// small says whether a product is made element by element: its sums are short, it has simple rows and columns, and it is
// too small for panels to be worth packing (or is a matrix and a vector, of which the matrix is not contiguous by rows).
func (p contractPlan) small(rows, cols int) bool {
	if len(p.summed) != 1 || p.summed[0].n >= longSum || len(p.rows) > 1 || len(p.cols) > 1 {
		return false
	}
	switch {
	case cols == 1:
		return p.rows[0].a != 1 || p.summed[0].a == 1 || rows < narrow
	case rows == 1:
		return p.cols[0].b != 1 || p.summed[0].b == 1 || cols < narrow
	}
	return rows*cols*p.summed[0].n <= 256
}

// single is the one axis of rows or columns, of length 1 if there is none.
func single(axes []contractAxis) contractAxis {
	if len(axes) == 0 {
		return contractAxis{n: 1}
	}
	return axes[0]
}

// smallProduct makes a product of short sums element by element.
func smallProduct[T Number](dst, a, b []T, plan contractPlan, p *poller) error {
	rows, cols, k := single(plan.rows), single(plan.cols), plan.summed[0]
	switch dst := any(dst).(type) {
	case []float64:
		return shortSums(dst, any(a).([]float64), any(b).([]float64), rows, cols, k, p)
	case []float32:
		return shortSums(dst, any(a).([]float32), any(b).([]float32), rows, cols, k, p)
	case []int64:
		return shortSums(dst, any(a).([]int64), any(b).([]int64), rows, cols, k, p)
	case []complex128:
		a, b := any(a).([]complex128), any(b).([]complex128)
		for i := range rows.n {
			for j := range cols.n {
				v, err := dotComplex(a[i*rows.a:], b[j*cols.b:], k.n, k.a, k.b, p)
				if err != nil {
					return err
				}
				dst[i*rows.c+j*cols.c] = v
			}
		}
	}
	return nil
}

func shortSums[T Real](dst, a, b []T, rows, cols, k contractAxis, p *poller) error {
	for i := range rows.n {
		for j := range cols.n {
			x, y := i*rows.a, j*cols.b
			var sum T
			for range k.n {
				sum += T(a[x] * b[y])
				x += k.a
				y += k.b
			}
			dst[i*rows.c+j*cols.c] = sum
			if err := p.spend(2*k.n + 2); err != nil {
				return err
			}
		}
	}
	return nil
}
