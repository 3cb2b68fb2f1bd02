package kernel

import (
	"bytes"
	"fmt"
	"strings"
)

// Contraction is a product of two arrays with a letter for every axis, as in "ik,kj->ij": the result has the axes named
// after the arrow; letters that it lacks are summed. Letters may repeat within an operand (its diagonal).
type Contraction struct {
	left, right, result string
}

// ParseContraction reads "ik,kj->ij".
func ParseContraction(spec string) (Contraction, error) {
	operands, result, arrow := strings.Cut(spec, "->")
	left, right, comma := strings.Cut(operands, ",")
	if !arrow || !comma {
		return Contraction{}, fmt.Errorf("contraction %q: want the form ik,kj->ij", spec)
	}
	for _, r := range left + right + result {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return Contraction{}, fmt.Errorf("contraction %q: axis %q is not a letter", spec, r)
		}
	}
	for i, r := range result {
		if strings.ContainsRune(result[:i], r) {
			return Contraction{}, fmt.Errorf("contraction %q: letter %q twice in the result", spec, r)
		}
		if !strings.ContainsRune(left+right, r) {
			return Contraction{}, fmt.Errorf("contraction %q: letter %q only in the result", spec, r)
		}
	}
	return Contraction{left, right, result}, nil
}

// contractAxis is an index of a contraction: its extent and its strides in left operand, right operand and result.
type contractAxis struct {
	n, a, b, c int
}

// contractPlan sorts the indices of a contraction by where they occur.
type contractPlan struct {
	batch  []contractAxis // in both operands and the result
	rows   []contractAxis // in the left operand and the result
	cols   []contractAxis // in the right operand and the result
	summed []contractAxis // not in the result: in the order of the left operand, then those of the right alone
}

// plan works out the strides for operands of the given extents, whose first batch axes are common to all.
func (c Contraction) plan(batch int, dimsA, dimsB []int) contractPlan {
	letters, axes := make([]byte, 0, 8), make([]contractAxis, 0, 8)
	find := func(letter byte) *contractAxis {
		i := bytes.IndexByte(letters, letter)
		if i < 0 {
			i = len(letters)
			letters, axes = append(letters, letter), append(axes, contractAxis{})
		}
		return &axes[i]
	}
	outer := contractAxis{n: product(dimsA[:batch]), a: 1, b: 1, c: 1}
	dimsA, dimsB = dimsA[batch:], dimsB[batch:]
	for i := len(c.left) - 1; i >= 0; i-- {
		axis := find(c.left[i])
		axis.n = dimsA[i]
		axis.a += outer.a
		outer.a *= dimsA[i]
	}
	for i := len(c.right) - 1; i >= 0; i-- {
		axis := find(c.right[i])
		axis.n = dimsB[i]
		axis.b += outer.b
		outer.b *= dimsB[i]
	}
	for i := len(c.result) - 1; i >= 0; i-- {
		axis := find(c.result[i])
		axis.c = outer.c
		outer.c *= axis.n
	}
	// All four lists share one allocation; the batch axes come first.
	sorted := append(make([]contractAxis, 0, len(axes)+1), outer)
	both := c.left + c.right
	var groups [4][]contractAxis
	for group := range groups {
		start := len(sorted)
		if group == inBatch {
			start = 0
		}
		letters := c.result
		if group == inSummed {
			letters = both
		}
		for i := range len(letters) {
			letter := letters[i]
			if strings.IndexByte(letters[:i], letter) < 0 && c.group(letter) == group {
				sorted = append(sorted, *find(letter))
			}
		}
		groups[group] = sorted[start:len(sorted):len(sorted)]
	}
	return contractPlan{mergeAxes(groups[inBatch]), mergeAxes(groups[inRows]), mergeAxes(groups[inCols]), dropUnitSums(groups[inSummed])}
}

// The lists of a plan, in order.
const (
	inBatch = iota
	inRows
	inCols
	inSummed
)

// group is the list of a plan to which a letter belongs.
func (c Contraction) group(letter byte) int {
	switch {
	case strings.IndexByte(c.result, letter) < 0:
		return inSummed
	case strings.IndexByte(c.right, letter) < 0:
		return inRows
	case strings.IndexByte(c.left, letter) < 0:
		return inCols
	}
	return inBatch
}

// mergeAxes drops axes of length 1 and joins neighbours that one stride reaches.
func mergeAxes(axes []contractAxis) []contractAxis {
	merged := axes[:0]
	for _, x := range axes {
		if x.n == 1 {
			continue
		}
		if last := len(merged) - 1; last >= 0 {
			m := merged[last]
			if m.a == x.a*x.n && m.b == x.b*x.n && m.c == x.c*x.n {
				merged[last] = contractAxis{m.n * x.n, x.a, x.b, x.c}
				continue
			}
		}
		merged = append(merged, x)
	}
	return merged
}

// dropUnitSums drops summed axes of length 1 but one: a sum of one term is that term added to +0, and once is enough.
// Summed axes are never joined: a nested sum is not the sum over both.
func dropUnitSums(axes []contractAxis) []contractAxis {
	kept := axes[:0]
	for _, x := range axes {
		if x.n != 1 {
			kept = append(kept, x)
		}
	}
	if len(kept) == 0 && len(axes) > 0 {
		return axes[:1]
	}
	return kept
}

// extent is the number of combinations of the axes' indices.
func extent(axes []contractAxis) int {
	n := 1
	for _, x := range axes {
		n *= x.n
	}
	return n
}

// offsets finds where combination i of the axes' indices stands.
func offsets(axes []contractAxis, i int) (a, b, c int) {
	if len(axes) == 1 {
		x := axes[0]
		return i * x.a, i * x.b, i * x.c
	}
	for k := len(axes) - 1; k >= 0; k-- {
		x := axes[k]
		j := i % x.n
		i /= x.n
		a += j * x.a
		b += j * x.b
		c += j * x.c
	}
	return a, b, c
}

// Contract writes the contraction of a and b, whose extents are dimsA and dimsB; the first batch axes are common to both
// and to the result and stand before the letters. The result is, to the bit, that of multiplying (every product
// rounded) and then summing over the summed letters one after the other, the last of the left operand first, by the
// rule of SumOf. Zeros are never skipped. It takes up to about 8 MB of scratch, which is kept for the next product. dst
// must not share memory with a or b.
func Contract[T Number](dst, a, b []T, c Contraction, batch int, dimsA, dimsB []int, poll func() error) error {
	plan := c.plan(batch, dimsA, dimsB)
	p := newPoller(poll)
	if extent(plan.batch)*extent(plan.rows)*extent(plan.cols) == 0 {
		return nil
	}
	if len(plan.summed) == 0 {
		return multiplyAxes(dst, a, b, append(append(plan.batch, plan.rows...), plan.cols...), &p)
	}
	if extent(plan.summed) == 0 {
		clear(dst)
		return nil
	}
	rows, cols := extent(plan.rows), extent(plan.cols)
	var blocks *blockProduct[T]
	for i := range extent(plan.batch) {
		oa, ob, oc := offsets(plan.batch, i)
		var err error
		switch {
		case rows == 1 && cols == 1:
			dst[oc], err = nestedDot(a[oa:], b[ob:], plan.summed, &p)
		case plan.small(rows, cols):
			err = smallProduct(dst[oc:], a[oa:], b[ob:], plan, &p)
		case cols == 1 && len(plan.summed) == 1:
			k := plan.summed[0]
			err = matrixVector(dst[oc:], a[oa:], b[ob:], plan.rows, k, &p)
		case rows == 1 && len(plan.summed) == 1:
			k := plan.summed[0]
			err = matrixVector(dst[oc:], b[ob:], a[oa:], swapOperands(plan.cols), contractAxis{n: k.n, a: k.b, b: k.a}, &p)
		default:
			if blocks == nil {
				blocks = newBlockProduct[T](plan, &p)
				defer blocks.release()
			}
			err = blocks.run(dst[oc:], a[oa:], b[ob:])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// swapOperands exchanges the strides of left and right.
func swapOperands(axes []contractAxis) []contractAxis {
	swapped := make([]contractAxis, len(axes))
	for i, x := range axes {
		swapped[i] = contractAxis{x.n, x.b, x.a, x.c}
	}
	return swapped
}

// MatMul writes the product of matrices, [m, k] [k, n] -> [m, n], for each of batch pairs.
func MatMul[T Number](dst, a, b []T, batch, m, k, n int, poll func() error) error {
	c := Contraction{"ik", "kj", "ij"}
	return Contract(dst, a, b, c, 1, []int{batch, m, k}, []int{batch, k, n}, poll)
}

// Dot is the sum of the products of x and y, by the rule of SumOf.
func Dot[T Number](x, y []T, poll func() error) (T, error) {
	p := newPoller(poll)
	return dot(x, y, len(x), 1, 1, &p)
}
