package host

import (
	"errors"
	"testing"

	"github.com/calx-lang/calx/backend/wasm/abi"
)

// FuzzLoad: whatever the bytes, Load gives a module that can be closed or an
// error, and leaves no memory behind.
func FuzzLoad(f *testing.F) {
	p := newProgram()
	p.checked()
	p.allocating()
	p.triad(2)
	f.Add(p.Encode())
	constants := newProgram()
	constants.identity()
	constants.Export(abi.DataName, constants.Global("data", i32, true, 0))
	constants.Export(abi.DataBytesName, constants.Global("", i32, false, 1000))
	constants.function(abi.DataInitName, nil, nil)
	f.Add(constants.Encode())
	f.Add([]byte("\x00asm\x01\x00\x00\x00"))
	e, err := New(Options{Memory: 16 << 20})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { e.Close() })
	f.Fuzz(func(t *testing.T, wasm []byte) {
		m, err := e.Load(wasm, Hooks{})
		if err == nil {
			err = m.Close()
		}
		var fault *Fault
		if errors.As(err, &fault) {
			t.Error(fault)
		}
		if used := e.Used(); used != 0 {
			t.Errorf("%d bytes are in use", used)
		}
	})
}
