package kernel

// Philox4x32 is a block of the counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random
// numbers: as easy as 1, 2, 3; 2011): 128 bits that look random, a function of key and counter alone.
func Philox4x32(counter [4]uint32, key [2]uint32) [4]uint32 {
	const (
		multiplier0, multiplier1 = 0xD2511F53, 0xCD9E8D57
		weyl0, weyl1             = 0x9E3779B9, 0xBB67AE85
		rounds                   = 10
	)
	c0, c1, c2, c3 := uint64(counter[0]), uint64(counter[1]), uint64(counter[2]), uint64(counter[3])
	k0, k1 := key[0], key[1]
	for range rounds {
		a, b := multiplier0*c0, multiplier1*c2
		c0, c1, c2, c3 = b>>32^c1^uint64(k0), b&0xFFFFFFFF, a>>32^c3^uint64(k1), a&0xFFFFFFFF
		k0 += weyl0
		k1 += weyl1
	}
	return [4]uint32{uint32(c0), uint32(c1), uint32(c2), uint32(c3)}
}

// philoxBlock is a block as two halves. Lower halves of words come first; the upper half of the counter is 0.
func philoxBlock(key, block uint64) (even, odd uint64) {
	words := Philox4x32([4]uint32{uint32(block), uint32(block >> 32)}, [2]uint32{uint32(key), uint32(key >> 32)})
	return uint64(words[0]) | uint64(words[1])<<32, uint64(words[2]) | uint64(words[3])<<32
}

// PhiloxBits writes, of the block counter // 2 of key, the first half for even counters and the second for odd ones.
func PhiloxBits(dst, key, counter []int64) {
	mk, mc := masks(len(dst), len(key), len(counter))
	for i := 0; i < len(dst); i++ {
		k, c := uint64(key[i&mk]), uint64(counter[i&mc])
		even, odd := philoxBlock(k, c>>1)
		if c&1 == 1 {
			dst[i] = int64(odd)
			continue
		}
		dst[i] = int64(even)
		// Mostly the next counter is the next number.
		if next := i + 1; next < len(dst) && uint64(counter[next&mc]) == c|1 && uint64(key[next&mk]) == k {
			dst[next] = int64(odd)
			i = next
		}
	}
}

// PhiloxNumber is PhiloxBits of one key and counter.
func PhiloxNumber(key, counter int64) int64 {
	even, odd := philoxBlock(uint64(key), uint64(counter)>>1)
	if counter&1 == 1 {
		return int64(odd)
	}
	return int64(even)
}
