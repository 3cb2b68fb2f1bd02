package kernel

import "testing"

// TestPhiloxKnownAnswers holds the generator against the vectors published with Random123 (kat_vectors, philox4x32 10).
func TestPhiloxKnownAnswers(t *testing.T) {
	for _, v := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{want: [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{
			[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
			[2]uint32{0xffffffff, 0xffffffff},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		},
		{
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
			[2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	} {
		if got := Philox4x32(v.counter, v.key); got != v.want {
			t.Errorf("counter %08x, key %08x: got %08x, want %08x", v.counter, v.key, got, v.want)
		}
	}
}

// TestPhiloxBits takes counters in runs, alone, out of order and near the ends, for one key and for many.
func TestPhiloxBits(t *testing.T) {
	counters := []int64{0, 1, 2, 3, 3, 2, 5, 4, 7, 8, 9, 10, -1, -2, -1, 1 << 62, 1<<62 + 1, -1 << 63, 0}
	keys := make([]int64, len(counters))
	for i := range keys {
		keys[i] = int64(i/2) * 0x123456789abcdef
	}
	for _, key := range [][]int64{{0}, {-1}, keys} {
		got := make([]int64, len(counters))
		PhiloxBits(got, key, counters)
		for i, c := range counters {
			k := key[i%len(key)]
			block := uint64(c) >> 1
			words := Philox4x32([4]uint32{uint32(block), uint32(block >> 32)}, [2]uint32{uint32(k), uint32(uint64(k) >> 32)})
			first := 2 * (c & 1)
			want := int64(uint64(words[first]) | uint64(words[first+1])<<32)
			if got[i] != want || PhiloxNumber(k, c) != want {
				t.Errorf("key %d, counter %d: got %x and %x, want %x", k, c, got[i], PhiloxNumber(k, c), want)
			}
		}
	}
	one := make([]int64, 3)
	PhiloxBits(one, []int64{5, 6, 7}, []int64{1})
	for i, v := range one {
		if v != PhiloxNumber(int64(5+i), 1) {
			t.Errorf("key %d: got %x", 5+i, v)
		}
	}
	PhiloxBits(nil, []int64{1}, nil)
}

func BenchmarkPhilox(b *testing.B) {
	counters := make([]int64, 4096)
	for i := range counters {
		counters[i] = int64(i)
	}
	dst := make([]int64, len(counters))
	for b.Loop() {
		PhiloxBits(dst, []int64{42}, counters)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(dst)), "ns/number")
}
