package kernel

import "math"

// SortItem is an element under sorting: a key whose order as an integer is the order wanted, and where it stood.
type SortItem struct {
	key   uint64
	index int64
}

// radixLength is the length from which rows are sorted digit by digit.
const radixLength = 512

// floatKey orders floats by <, the two zeros equal, NaN last.
func floatKey(v float64) uint64 {
	const sign = 1 << 63
	if v != v {
		return math.MaxUint64
	}
	if v == 0 {
		return sign
	}
	b := math.Float64bits(v)
	if b&sign != 0 {
		return ^b
	}
	return b | sign
}

// ArgSort writes, for each row of [outer, n], the positions of its elements in sorted order: equal elements in their
// order, NaN last. Complex elements are ordered by real and then imaginary part; those with a NaN imaginary part come
// after all without, then those with a NaN real part, then those with both. scratch has at least 2n items.
func ArgSort[T Element](dst []int64, src []T, outer, n int, scratch []SortItem, poll func() error) error {
	return sortRows(src, outer, n, scratch, poll, func(o int, items []SortItem) {
		for i, item := range items {
			dst[o*n+i] = item.index
		}
	})
}

// Sort writes each row of [outer, n] in the order of ArgSort. scratch has at least 2n items; dst must not share memory
// with src.
func Sort[T Element](dst, src []T, outer, n int, scratch []SortItem, poll func() error) error {
	if n >= radixLength {
		switch dst := any(dst).(type) {
		case []float64:
			return sortNumbers(dst, any(src).([]float64), outer, n, scratch, poll, orderedBits, fromOrderedBits)
		case []float32:
			return sortNumbers(dst, any(src).([]float32), outer, n, scratch, poll,
				func(v float32) uint64 { return orderedBits(float64(v)) }, func(k uint64) float32 { return float32(fromOrderedBits(k)) })
		case []int64:
			return sortNumbers(dst, any(src).([]int64), outer, n, scratch, poll,
				func(v int64) uint64 { return uint64(v) ^ 1<<63 }, func(k uint64) int64 { return int64(k ^ 1<<63) })
		}
	}
	return sortRows(src, outer, n, scratch, poll, func(o int, items []SortItem) {
		for i, item := range items {
			dst[o*n+i] = src[o*n+int(item.index)]
		}
	})
}

func sortRows[T Element](src []T, outer, n int, scratch []SortItem, poll func() error, write func(o int, items []SortItem)) error {
	p := newPoller(poll)
	for o := range outer {
		items, spare := scratch[:n], scratch[n:2*n]
		for i := range items {
			items[i].index = int64(i)
		}
		var err error
		switch x := any(src[o*n : (o+1)*n]).(type) {
		case []float64:
			items, _, err = sortBy(items, spare, func(i int64) uint64 { return floatKey(x[i]) }, &p)
		case []float32:
			items, _, err = sortBy(items, spare, func(i int64) uint64 { return floatKey(float64(x[i])) }, &p)
		case []int64:
			items, _, err = sortBy(items, spare, func(i int64) uint64 { return uint64(x[i]) ^ 1<<63 }, &p)
		case []bool:
			items, _, err = sortBy(items, spare, func(i int64) uint64 { return uint64(b2u(x[i])) }, &p)
		case []complex128:
			items, err = sortComplex(items, spare, x, &p)
		}
		if err != nil {
			return err
		}
		write(o, items)
		if err := p.spend(4*n + 8); err != nil {
			return err
		}
	}
	return nil
}

// sortComplex sorts by the least important key first; every sort is stable.
func sortComplex(items, spare []SortItem, x []complex128, p *poller) ([]SortItem, error) {
	for _, key := range []func(i int64) uint64{
		func(i int64) uint64 { return floatKey(imag(x[i])) },
		func(i int64) uint64 { return floatKey(real(x[i])) },
		func(i int64) uint64 {
			return 2*uint64(b2u(real(x[i]) != real(x[i]))) + uint64(b2u(imag(x[i]) != imag(x[i])))
		},
	} {
		var err error
		if items, spare, err = sortBy(items, spare, key, p); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// sortBy sorts items by the keys of their elements and returns them, and the other of the two slices.
func sortBy(items, spare []SortItem, key func(i int64) uint64, p *poller) (sorted, other []SortItem, err error) {
	for i := range items {
		items[i].key = key(items[i].index)
	}
	if len(items) >= radixLength {
		return radixSort(items, spare, p)
	}
	sorted, other = mergeSort(items, spare)
	return sorted, other, p.spend(8 * len(items))
}

// radixSort sorts by the digits of the key in base 256, the last first; digits that all keys share are skipped.
func radixSort(items, spare []SortItem, p *poller) (sorted, other []SortItem, err error) {
	var counts [8][256]int
	for lo := 0; lo < len(items); lo += sumPiece {
		for _, item := range items[lo:min(lo+sumPiece, len(items))] {
			for d := range counts {
				counts[d][uint8(item.key>>(8*d))]++
			}
		}
		if err := p.spend(8 * sumPiece); err != nil {
			return nil, nil, err
		}
	}
	for d := range counts {
		count := &counts[d]
		if count[uint8(items[0].key>>(8*d))] == len(items) {
			continue
		}
		at := 0
		for digit, c := range count {
			count[digit] = at
			at += c
		}
		for lo := 0; lo < len(items); lo += sumPiece {
			for _, item := range items[lo:min(lo+sumPiece, len(items))] {
				digit := uint8(item.key >> (8 * d))
				spare[count[digit]] = item
				count[digit]++
			}
			if err := p.spend(4 * sumPiece); err != nil {
				return nil, nil, err
			}
		}
		items, spare = spare, items
	}
	return items, spare, nil
}

// mergeSort sorts short runs by insertion and merges them pair by pair.
func mergeSort(items, spare []SortItem) (sorted, other []SortItem) {
	const run = 12
	n := len(items)
	for lo := 0; lo < n; lo += run {
		part := items[lo:min(lo+run, n)]
		for i := 1; i < len(part); i++ {
			item, j := part[i], i
			for ; j > 0 && part[j-1].key > item.key; j-- {
				part[j] = part[j-1]
			}
			part[j] = item
		}
	}
	for width := run; width < n; width *= 2 {
		for lo := 0; lo < n; lo += 2 * width {
			middle, hi := min(lo+width, n), min(lo+2*width, n)
			i, j := lo, middle
			for at := lo; at < hi; at++ {
				if j >= hi || i < middle && items[i].key <= items[j].key {
					spare[at] = items[i]
					i++
				} else {
					spare[at] = items[j]
					j++
				}
			}
		}
		items, spare = spare, items
	}
	return items, spare
}

// SearchSorted writes where each query belongs in its sorted row (NaN last): [batch, n] [batch, m] -> [batch, m]. From the
// left it is the number of elements below the query, from the right of those not above it.
func SearchSorted[T Real](dst []int64, sorted, queries []T, batch, n, m int, right bool, poll func() error) error {
	p := newPoller(poll)
	for b := range batch {
		row := sorted[b*n : (b+1)*n]
		for i := b * m; i < (b+1)*m; i++ {
			q := queries[i]
			lo, hi := 0, n
			for lo < hi {
				middle := int(uint(lo+hi) / 2)
				v := row[middle]
				if before(v, q) || right && !before(q, v) {
					lo = middle + 1
				} else {
					hi = middle
				}
			}
			dst[i] = int64(lo)
			if err := p.spend(64); err != nil {
				return err
			}
		}
	}
	return nil
}

// before says whether x stands before y in sorted order: NaN comes last.
func before[T Real](x, y T) bool { return x < y || x == x && y != y }

// Nonzero writes the positions of the true elements of mask in order, of which Count gives the number, the length of dst.
func Nonzero(dst []int64, mask []bool) {
	at := 0
	for i, v := range mask {
		if v {
			dst[at] = int64(i)
			at++
		}
	}
}
