package elementary

// FloordivInt is floor(x/y) for y != 0; MinInt64 by -1 is MinInt64.
func FloordivInt(x, y int64) int64 {
	quotient := x / y
	if x%y != 0 && (x < 0) != (y < 0) {
		quotient--
	}
	return quotient
}

// ModInt is x - y·floor(x/y) for y != 0, with the sign of y.
func ModInt(x, y int64) int64 {
	remainder := x % y
	if remainder != 0 && (remainder < 0) != (y < 0) {
		remainder += y
	}
	return remainder
}

// PowInt is x^k for k >= 0, modulo 2^64.
func PowInt(x, k int64) int64 {
	power := int64(1)
	for ; k > 0; k >>= 1 {
		if k&1 == 1 {
			power *= x
		}
		x *= x
	}
	return power
}

// ShiftLeft is x·2^count modulo 2^64; 0 for counts outside 0..63.
func ShiftLeft(x, count int64) int64 {
	if uint64(count) > 63 {
		return 0
	}
	return x << uint64(count)
}

// ShiftRight is floor(x/2^count); the sign (0 or -1) for counts outside 0..63.
func ShiftRight(x, count int64) int64 {
	if uint64(count) > 63 {
		count = 63
	}
	return x >> uint64(count)
}

// SignInt is -1, 0 or 1.
func SignInt(x int64) int64 {
	return x>>63 | int64(uint64(-x)>>63)
}
