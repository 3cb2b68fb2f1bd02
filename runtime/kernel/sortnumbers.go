package kernel

import (
	"math"
	"slices"
	"unsafe"
)

// Long rows of numbers are sorted as keys alone, of which the numbers are made again: half of what is moved otherwise.

// orderedBits are the bits of v so that they are ordered as integers: -0 before 0, NaN last.
func orderedBits(v float64) uint64 {
	const sign = 1 << 63
	if v != v {
		return math.MaxUint64
	}
	b := math.Float64bits(v)
	// All bits change of a negative number, of others the first.
	return b ^ (uint64(int64(b)>>63) | sign)
}

// fromOrderedBits is the inverse of orderedBits.
func fromOrderedBits(k uint64) float64 {
	const sign = 1 << 63
	return math.Float64frombits(k ^ (^uint64(int64(k)>>63) | sign))
}

// sortNumbers is Sort by way of keys, equal for equal numbers but zeros.
func sortNumbers[T Real](dst, src []T, outer, n int, scratch []SortItem, poll func() error, toKey func(T) uint64, fromKey func(uint64) T) error {
	p := newPoller(poll)
	room := unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(scratch))), 2*n)
	for o := range outer {
		row, sorted := src[o*n:][:n], dst[o*n:][:n]
		keys, err := sortKeys(room[:n], room[n:], func(i int) uint64 { return toKey(row[i]) }, &p)
		if err != nil {
			return err
		}
		for lo := 0; lo < n; lo += sumPiece {
			hi := min(lo+sumPiece, n)
			for i, k := range keys[lo:hi] {
				sorted[lo+i] = fromKey(k)
			}
			if err := p.spend(2 * sumPiece); err != nil {
				return err
			}
		}
		if err := zerosInOrder(sorted, row, &p); err != nil {
			return err
		}
	}
	return nil
}

// zerosInOrder writes the zeros of row, which are equal whatever their sign, in their order to those of sorted.
func zerosInOrder[T Real](sorted, row []T, p *poller) error {
	at, found := slices.BinarySearchFunc(sorted, 0, func(v, zero T) int {
		if before(v, zero) {
			return -1
		}
		if v == zero {
			return 0
		}
		return 1
	})
	if !found || at+1 == len(sorted) || sorted[at+1] != 0 {
		return nil
	}
	for lo := 0; lo < len(row); lo += sumPiece {
		for _, v := range row[lo:min(lo+sumPiece, len(row))] {
			if v == 0 {
				sorted[at] = v
				at++
			}
		}
		if err := p.spend(sumPiece); err != nil {
			return err
		}
	}
	return nil
}

// sortKeys sorts the keys of 0 <= i < len(keys) by their digits in base 256, the last first; digits that all share are
// skipped. What it returns is one of the two slices.
func sortKeys(keys, spare []uint64, key func(i int) uint64, p *poller) ([]uint64, error) {
	var counts [8][256]int
	for lo := 0; lo < len(keys); lo += sumPiece {
		for i := lo; i < min(lo+sumPiece, len(keys)); i++ {
			k := key(i)
			keys[i] = k
			for d := range counts {
				counts[d][uint8(k>>(8*d))]++
			}
		}
		if err := p.spend(8 * sumPiece); err != nil {
			return nil, err
		}
	}
	for d := range counts {
		count := &counts[d]
		if count[uint8(keys[0]>>(8*d))] == len(keys) {
			continue
		}
		var next [256]int
		for digit := 1; digit < len(next); digit++ {
			next[digit] = next[digit-1] + count[digit-1]
		}
		for lo := 0; lo < len(keys); lo += sumPiece {
			for _, k := range keys[lo:min(lo+sumPiece, len(keys))] {
				digit := uint8(k >> (8 * d))
				spare[next[digit]] = k
				next[digit]++
			}
			if err := p.spend(4 * sumPiece); err != nil {
				return nil, err
			}
		}
		keys, spare = spare, keys
	}
	return keys, nil
}
