package kernel

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fusable is a product and a sum that Go fuses: it shows that the test below finds what it looks for.
//
//go:noinline
func fusable(x, y, z float64) float64 { return x*y + z }

// TestNoFusedMultiplyAdd compiles the package for machines where Go fuses x*y + z into one instruction with one rounding,
// and finds no such instruction: every product that feeds a sum is rounded by a conversion. The package's tests are
// compiled with it, since they instantiate the generic kernels.
func TestNoFusedMultiplyAdd(t *testing.T) {
	if testing.Short() {
		t.Skip("cross-compiles")
	}
	fused := regexp.MustCompile(`\(\S*/([a-z0-9_]+\.go):\d+\)\s+(FN?M(ADD|SUB)[SD]|VFN?M(ADD|SUB)\w+)\b`)
	for _, machine := range [][]string{{"GOARCH=arm64"}, {"GOARCH=amd64", "GOAMD64=v3"}} {
		command := exec.Command("go", "test", "-c", "-o", filepath.Join(t.TempDir(), "kernel.test"), "-gcflags=-S", ".")
		command.Env = append(append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0"), machine...)
		var assembly bytes.Buffer
		command.Stdout, command.Stderr = &assembly, &assembly
		if err := command.Run(); err != nil {
			t.Fatalf("%v: %v\n%.2000s", machine, err, assembly.Bytes())
		}
		found := false
		for _, hit := range fused.FindAllSubmatch(assembly.Bytes(), -1) {
			file := string(hit[1])
			found = found || file == "fma_test.go"
			if !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%v: fused instruction %s", machine, hit[0])
			}
		}
		if !found || fusable(2, 3, 4) != 10 {
			t.Errorf("%v: the fused instruction that is there was not found", machine)
		}
	}
}
