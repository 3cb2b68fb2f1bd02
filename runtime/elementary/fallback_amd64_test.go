package elementary

import "testing"

func TestKernelsWithoutVectorsEqualScalarFunctions(t *testing.T) {
	if !haveVectors {
		t.Skip("this machine has no vector kernels")
	}
	haveVectors = false
	defer func() { haveVectors = true }()
	compareKernels(t, 1<<17, 8)
}
