package kernel

// lanes is the number of partial sums of a long sum.
const lanes = 16

// sumPiece is the number of terms added between polls, a multiple of the number of lanes.
const sumPiece = 1 << 13

// longSum is the length from which a sum is made in lanes.
const longSum = 32

// foldLanes combines 16 partial sums: +8, +4, +2, +1.
func foldLanes[T Number](l *[lanes]T) T {
	for width := lanes / 2; width > 0; width /= 2 {
		for i := range width {
			l[i] += l[i+width]
		}
	}
	return l[0]
}

// sumLanesLoop adds x[l], x[l+16], … to lane l; the length of x is a multiple of 16.
func sumLanesLoop[T Number](l *[lanes]T, x []T) {
	for ; len(x) >= lanes; x = x[lanes:] {
		row := x[:lanes]
		for i := range l {
			l[i] += row[i]
		}
	}
}

// sumLanes is sumLanesLoop by the fastest way for the type.
func sumLanes[T Number](l *[lanes]T, x []T) {
	if lf, ok := any(l).(*[lanes]float64); ok {
		sumLanesF64(lf, any(x).([]float64))
		return
	}
	sumLanesLoop(l, x)
}

// SumOf is the sum of x by the rule of sums: every accumulator starts at +0; fewer than 32 terms are added left to right;
// 32 and more go to 16 lanes, term i to lane i mod 16 in increasing order, and the lanes are combined in a fixed tree
// (lane l with lane l+8, then +4, +2, +1). It is meant for short slices; Sum polls.
func SumOf[T Number](x []T) T {
	if len(x) < longSum {
		var sum T
		for _, v := range x {
			sum += v
		}
		return sum
	}
	var l [lanes]T
	whole := len(x) &^ (lanes - 1)
	sumLanes(&l, x[:whole])
	for i, v := range x[whole:] {
		l[i] += v
	}
	return foldLanes(&l)
}

// sumTile is the number of columns summed together along an axis that is not the last; with their 16 lanes they fit in
// the first-level cache.
const sumTile = 128

// narrow is the row length below which columns are summed one by one.
const narrow = 8

// Sum writes the sums along the middle axis: [outer, n, inner] -> [outer, inner], each by the rule of SumOf. Several axes
// are summed one after the other, the last first. dst must not share memory with src.
func Sum[T Number](dst, src []T, outer, n, inner int, poll func() error) error {
	p := newPoller(poll)
	if inner == 1 {
		for o := range outer {
			s, err := sumPolled(src[o*n:(o+1)*n], &p)
			if err != nil {
				return err
			}
			dst[o] = s
		}
		return nil
	}
	if inner < narrow {
		for o := range outer {
			for j := range inner {
				s, err := sumStrided(src[min(o*n*inner+j, len(src)):], n, inner, &p)
				if err != nil {
					return err
				}
				dst[o*inner+j] = s
			}
		}
		return nil
	}
	var buffer []T
	if n >= longSum && outer > 0 {
		buffer = make([]T, lanes*min(inner, sumTile))
	}
	for o := range outer {
		for lo := 0; lo < inner; lo += sumTile {
			width := min(sumTile, inner-lo)
			out := dst[o*inner+lo:][:width]
			if err := foldColumns(out, src[o*n*inner+min(lo, n*inner):], n, inner, 0, Add[T], buffer, &p); err != nil {
				return err
			}
		}
	}
	return nil
}

// sumStrided is SumOf for n elements that stand stride apart.
func sumStrided[T Number](x []T, n, stride int, p *poller) (T, error) {
	var l [lanes]T
	if n < longSum {
		var sum T
		for i := range n {
			sum += x[i*stride]
		}
		return sum, p.spend(n + 4)
	}
	for lo := 0; lo < n; lo += sumPiece {
		hi := min(n, lo+sumPiece)
		for i := lo; i < hi; i++ {
			l[i%lanes] += x[i*stride]
		}
		if err := p.spend(2 * (hi - lo)); err != nil {
			return l[0], err
		}
	}
	return foldLanes(&l), nil
}

// sumPolled is SumOf in pieces between polls.
func sumPolled[T Number](x []T, p *poller) (T, error) {
	if len(x) <= 2*sumPiece {
		return SumOf(x), p.spend(len(x) + 8)
	}
	var l [lanes]T
	for len(x) >= sumPiece {
		sumLanes(&l, x[:sumPiece])
		x = x[sumPiece:]
		if err := p.spend(sumPiece); err != nil {
			return l[0], err
		}
	}
	whole := len(x) &^ (lanes - 1)
	sumLanes(&l, x[:whole])
	for i, v := range x[whole:] {
		l[i] += v
	}
	return foldLanes(&l), nil
}
