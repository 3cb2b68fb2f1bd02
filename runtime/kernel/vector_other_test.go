//go:build !amd64

package kernel

import "testing"

func withoutVector(t *testing.T) { t.Skip("there is only one way here") }
