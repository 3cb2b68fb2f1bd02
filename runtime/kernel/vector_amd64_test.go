package kernel

import "testing"

func withoutVector(t *testing.T) {
	was := hasAVX2
	hasAVX2 = false
	t.Cleanup(func() { hasAVX2 = was })
}
