package typecheck

import (
	"slices"
	"strings"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/ir"
)

// einsum: operands are contracted from left to right, so that each step is a
// product of two arrays; letters that nothing later needs are summed as soon as
// they stand in one operand alone.

// A lettered array has a letter for each axis, all different.
type lettered struct {
	value
	letters string
}

func (k *call) einsum() value {
	spec, ok := k.text("subscripts", "")
	if !ok {
		return bad
	}
	inputs, result, ok := k.subscripts(k.withoutEllipsis(strings.ReplaceAll(spec, " ", "")))
	if !ok {
		return bad
	}
	vs := make([]value, len(k.rest))
	for i, o := range k.rest {
		if o.isBad() {
			return bad
		}
		if _, isArray := o.array(); !isArray {
			return k.fail(o.span, ast.CodeTypeMismatch, "einsum wants arrays of numbers, and this is %s", k.show(o.t)).value()
		}
		vs[i] = o.value
	}
	vs = k.meet(vs)
	for i, v := range vs {
		if vs[i] = k.countable(v); v.isBad() {
			return bad
		}
		if vs[i].rank() != len(inputs[i]) {
			return k.fail(vs[i].span, ast.CodeRank, "the letters %q name %d axes, and this operand of einsum is %s", inputs[i], len(inputs[i]), k.show(vs[i].t)).value()
		}
	}
	sizes, ok := k.letterSizes(inputs, vs)
	if !ok {
		return bad
	}
	parts := make([]lettered, len(vs))
	for i, v := range vs {
		if parts[i], ok = k.diagonalOf(v, inputs[i], sizes); !ok {
			return bad
		}
	}
	left := parts[0]
	for i := range parts {
		needed := result
		for _, later := range parts[min(i+1, len(parts)):] {
			needed += later.letters
		}
		if i == 0 {
			// Those of the operand that only it has.
			left = k.sumLetters(left, needed)
			continue
		}
		right := k.sumLetters(parts[i], needed+left.letters)
		left = k.sumLetters(left, needed+right.letters)
		left = k.productOf(left, right, needed)
	}
	if left.isBad() {
		return bad
	}
	return k.arranged(left, result, sizes)
}

// withoutEllipsis has letters for the axes that "..." stands for, those of the last
// axes the same in all operands. Without "->" they come first in the result.
func (k *call) withoutEllipsis(spec string) string {
	operands, result, explicit := strings.Cut(spec, "->")
	if !strings.Contains(operands, "...") {
		return spec
	}
	letters := strings.Map(func(letter rune) rune {
		if strings.ContainsRune(spec, letter) {
			return -1
		}
		return letter
	}, axisLetters)
	terms := strings.Split(operands, ",")
	most := 0
	for i, term := range terms {
		before, after, has := strings.Cut(term, "...")
		if !has || i >= len(k.rest) {
			continue
		}
		n := k.rest[i].rank() - len(before) - len(after)
		if n < 0 || n > len(letters) {
			continue // the letters that remain don't fit the operand, as is said there
		}
		terms[i] = before + letters[len(letters)-n:] + after
		most = max(most, n)
	}
	every := letters[len(letters)-most:]
	if !explicit {
		result = "..." + lettersOnce(operands)
	}
	return strings.Join(terms, ",") + "->" + strings.Replace(result, "...", every, 1)
}

// lettersOnce are the letters that occur once, in the order of the alphabet.
func lettersOnce(operands string) string {
	var once []string
	for _, letter := range strings.Split(operands, "") {
		if strings.Contains(axisLetters, letter) && strings.Count(operands, letter) == 1 {
			once = append(once, letter)
		}
	}
	slices.Sort(once)
	return strings.Join(once, "")
}

// subscripts splits "ij,jk->ik"; without "->" the result has the letters that
// occur once, in the order of the alphabet.
func (k *call) subscripts(spec string) (inputs []string, result string, ok bool) {
	span := k.args["subscripts"].span
	operands, result, explicit := strings.Cut(spec, "->")
	inputs = strings.Split(operands, ",")
	for _, part := range append([]string{result}, inputs...) {
		for _, letter := range part {
			if !strings.ContainsRune(axisLetters, letter) {
				k.fail(span, ast.CodeArguments, "%q is no axis of einsum; axes are letters, or ... for those that have none", string(letter))
				return nil, "", false
			}
		}
	}
	if len(inputs) != len(k.rest) {
		k.fail(span, ast.CodeArguments, "einsum has letters for %d operands, and %d are given", len(inputs), len(k.rest))
		return nil, "", false
	}
	if !explicit {
		return inputs, lettersOnce(operands), true
	}
	for i, letter := range result {
		if strings.IndexRune(result, letter) != i {
			k.fail(span, ast.CodeArguments, "the result of einsum has %q twice", string(letter))
			return nil, "", false
		}
		if !strings.ContainsRune(operands, letter) {
			k.fail(span, ast.CodeArguments, "the result of einsum has %q, and no operand has", string(letter))
			return nil, "", false
		}
	}
	return inputs, result, true
}

// letterSizes is the size that each letter stands for; axes known to have size 1
// stretch. It adds checks to vs where sizes are not known to agree.
func (k *call) letterSizes(inputs []string, vs []value) (map[rune]ir.Dim, bool) {
	sizes := map[rune]ir.Dim{}
	for i, letters := range inputs {
		for axis, letter := range letters {
			d := vs[i].t.(Array).Dims[axis]
			known, seen := sizes[letter]
			switch _, isConst := d.Const(); {
			case !seen || known.IsConst(1):
				sizes[letter] = d
			case d.IsConst(1):
			case k.compareDims(d, known) == different:
				f := k.fail(vs[i].span, ast.CodeShapeMismatch, "%q of einsum has the size %s before, and here, in %s, %s", string(letter), k.showDim(known), k.show(vs[i].t), k.showDim(d))
				f.Notes = append(f.Notes, k.explainSizes(known, d)...)
				return nil, false
			case isConst:
				sizes[letter] = d
			}
		}
	}
	for i, letters := range inputs {
		for axis, letter := range letters {
			if vs[i].t.(Array).Dims[axis].IsConst(1) {
				continue
			}
			n := vs[i].rank()
			v, ok := k.sameSize(vs[i], axis, sizes[letter], "an operand of einsum has the sizes "+sizePattern(n, 0)+", and the others ask for "+sizePattern(n, n))
			if !ok {
				return nil, false
			}
			vs[i] = v
		}
	}
	return sizes, true
}

// diagonalOf takes diagonals for repeated letters and drops axes of size 1 that
// stretch to other sizes.
func (k *call) diagonalOf(v value, letters string, sizes map[rune]ir.Dim) (lettered, bool) {
	var dims []ir.Dim
	var kept strings.Builder
	for axis, letter := range letters {
		d := v.t.(Array).Dims[axis]
		if d.IsConst(1) && !sizes[letter].IsConst(1) {
			continue
		}
		dims = append(dims, d)
		kept.WriteRune(letter)
	}
	v, letters = reshaped(v, dims), kept.String()
	for {
		first, second := repeated(letters)
		if second < 0 {
			return lettered{v, letters}, true
		}
		// The two axes to the end, then x[…, i, i] for all i.
		rank := len(letters)
		perm := movedAxis(rank, first, rank-1)
		v = permuted(v, perm)
		v = permuted(v, movedAxis(rank, second-1, rank-2))
		v = diagonalOfLast(v, k.span)
		letter := letters[first : first+1]
		letters = strings.Replace(letters, letter, "", 2) + letter
	}
}

func repeated(letters string) (first, second int) {
	for i, letter := range letters {
		if first = strings.IndexRune(letters, letter); first != i {
			return first, i
		}
	}
	return -1, -1
}

// diagonalOfLast is x[…, i, i] for all i, where the last two sizes are equal.
func diagonalOfLast(v value, span ast.Span) value {
	a := v.t.(Array)
	last := len(a.Dims) - 1
	n := a.Dims[last]
	spec := strings.Repeat(":", last-1) + "tt"
	return operation(ir.Gather, ir.IndexAttr{Spec: spec}, Array{a.DType, a.Dims[:last]}, span, v, positions(n, span), positions(n, span))
}

// sumLetters sums over the letters that are not needed.
func (k *call) sumLetters(x lettered, needed string) lettered {
	if x.isBad() {
		return x
	}
	var axes []int
	var kept strings.Builder
	for axis, letter := range x.letters {
		if strings.ContainsRune(needed, letter) {
			kept.WriteRune(letter)
		} else {
			axes = append(axes, axis)
		}
	}
	if len(axes) == 0 {
		return x
	}
	return lettered{k.reduce(x.value, ir.ReduceSum, axes, false), kept.String()}
}

// productOf sums products over the letters that x and y share and nothing needs.
func (k *call) productOf(x, y lettered, needed string) lettered {
	if x.isBad() || y.isBad() {
		return lettered{}
	}
	var result strings.Builder
	for _, letter := range x.letters {
		if strings.ContainsRune(needed, letter) {
			result.WriteRune(letter)
		}
	}
	for _, letter := range y.letters {
		if strings.ContainsRune(needed, letter) && !strings.ContainsRune(x.letters, letter) {
			result.WriteRune(letter)
		}
	}
	v := contraction(x.value, y.value, x.letters+","+y.letters+"->"+result.String(), 0, k.span)
	return lettered{v, result.String()}
}

// arranged puts the letters in the order of the result, those that stretch too.
func (k *call) arranged(x lettered, result string, sizes map[rune]ir.Dim) value {
	var perm []int
	var dims, want []ir.Dim
	for _, letter := range result {
		want = append(want, sizes[letter])
		if axis := strings.IndexRune(x.letters, letter); axis >= 0 {
			perm = append(perm, axis)
			dims = append(dims, sizes[letter])
		} else {
			dims = append(dims, ir.Size(1))
		}
	}
	v := k.broadcast(reshaped(permuted(x.value, perm), dims), want)
	v.span = k.span
	return v
}
