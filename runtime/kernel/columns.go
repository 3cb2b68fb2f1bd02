package kernel

// foldColumns folds n rows of len(out) columns, which start stride elements apart, by the rule of sums with another
// operation and its identity in the place of addition and zero: whole rows are combined into the output or, for n >= 32,
// into one of the 16 rows of partial results in the buffer.
func foldColumns[T Number](out, src []T, n, stride int, identity T, combine func(dst, x, y []T), buffer []T, p *poller) error {
	width := len(out)
	if n < longSum {
		Fill(out, identity)
		for i := range n {
			combine(out, out, src[i*stride:][:width])
		}
		return p.spend(n * width)
	}
	buffer = buffer[:lanes*width]
	Fill(buffer, identity)
	for i := range n {
		lane := buffer[i%lanes*width:][:width]
		combine(lane, lane, src[i*stride:][:width])
		if err := p.spend(width + 8); err != nil {
			return err
		}
	}
	for w := lanes / 2; w > 1; w /= 2 {
		combine(buffer[:w*width], buffer[:w*width], buffer[w*width:2*w*width])
	}
	combine(out, buffer[:width], buffer[width:2*width])
	return nil
}
