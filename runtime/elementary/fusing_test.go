package elementary

import (
	"os"
	"os/exec"
	"regexp"
	"testing"
)

// A fused multiply-add rounds once where the definitions round twice. Go makes
// them on these machines unless every product is written float64(x*y).
func TestNoMachineFusesMultiplyAndAdd(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the package for other machines")
	}
	fused := regexp.MustCompile(`(?m)^.*\t(V?FN?M(ADD|SUB)[A-Z0-9]*)\t.*$`)
	for _, c := range []struct{ setting, machine, product string }{
		{"GOAMD64=v3", "amd64", `\tV?MULSD\t`},
		{"GOARM64=v8.0", "arm64", `\tFMULD\t`},
	} {
		build := exec.Command("go", "build", "-gcflags=-S", ".")
		build.Env = append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0", "GOARCH="+c.machine, c.setting)
		assembly, err := build.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.machine, err, assembly)
		}
		if !regexp.MustCompile(c.product).Match(assembly) {
			t.Fatalf("%s: no product in the assembly: this test reads something else", c.machine)
		}
		if lines := fused.FindAll(assembly, 10); lines != nil {
			t.Errorf("%s: %s", c.machine, lines)
		}
	}
}
