package host

import (
	"encoding/binary"
	"fmt"
)

// A guard finds programs that write where they may not, for tests: free memory
// is poisoned, and each region has borders of poison. It slows everything down.
type guard struct {
	regions map[uint32]region // that are given
	fault   error             // the first one found
}

const (
	guardBorder = 64
	// poisonWord is a NaN as float64 and far out of range as an index.
	poisonWord = 0x7FF4_DEAD_7FF4_DEAD
)

func poison(bytes []byte) {
	for len(bytes) > 0 {
		binary.LittleEndian.PutUint64(bytes, poisonWord)
		bytes = bytes[8:]
	}
}

// intact is the first offset from start on where bytes aren't poison, -1 if all are.
func intact(bytes []byte, start int) int {
	var word [8]byte
	binary.LittleEndian.PutUint64(word[:], poisonWord)
	for i := start; i < len(bytes); i++ {
		if bytes[i] != word[i%8] {
			return i
		}
	}
	return -1
}

// block is the memory of r with its borders.
func (g *guard) block(h *heap, r region) []byte {
	return h.memory.bytes[r.block.start : r.block.start+r.block.size]
}

// give notes a region, whose memory must still be poisoned.
func (g *guard) give(h *heap, r region) {
	if at := intact(g.block(h, r), 0); at >= 0 && g.fault == nil {
		g.fault = fmt.Errorf("address %d was written after it was freed", r.block.start+at)
	}
	poison(g.block(h, r))
	g.regions[r.address] = r
}

// take forgets a region and poisons it.
func (g *guard) take(h *heap, r region) {
	g.borders(h, r)
	delete(g.regions, r.address)
	poison(g.block(h, r))
}

func (g *guard) borders(h *heap, r region) {
	bytes := g.block(h, r)
	at := intact(bytes[:guardBorder], 0)
	if at < 0 {
		at = intact(bytes, guardBorder+r.bytes)
	}
	if at >= 0 && g.fault == nil {
		g.fault = fmt.Errorf("address %d was written, outside of the %d bytes at %d", r.block.start+at, r.bytes, r.address)
	}
}

// inspect checks all borders, and forgets what it reports.
func (h *heap) inspect() error {
	if h.guard == nil {
		return nil
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, r := range h.guard.regions {
		h.guard.borders(h, r)
	}
	err := h.guard.fault
	h.guard.fault = nil
	return err
}
