package kernel

// RunningSum sums terms that are fed to it block by block, and gives the bits of SumOf over all of them. The zero RunningSum has
// had no terms.
type RunningSum[T Number] struct {
	lanes [lanes]T
	short T // the sum left to right, as long as there are fewer than longSum terms
	count int
}

// add feeds one term.
func (s *RunningSum[T]) add(v T) {
	if s.count < longSum {
		s.short += v
	}
	s.lanes[s.count%lanes] += v
	s.count++
}

// Add feeds a block of terms.
func (s *RunningSum[T]) Add(block []T) {
	for len(block) > 0 && (s.count%lanes != 0 || s.count < longSum) {
		s.add(block[0])
		block = block[1:]
	}
	whole := len(block) &^ (lanes - 1)
	if whole > 0 {
		sumLanes(&s.lanes, block[:whole])
		s.count += whole
	}
	for _, v := range block[whole:] {
		s.add(v)
	}
}

// Value is the sum of the terms so far.
func (s *RunningSum[T]) Value() T {
	if s.count < longSum {
		return s.short
	}
	l := s.lanes
	return foldLanes(&l)
}
