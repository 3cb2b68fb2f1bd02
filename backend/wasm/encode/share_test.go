package encode

import (
	"context"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
)

// counter is a module whose next() adds 1 to the i32 at address 8 of its memory.
func counter(imports bool) *Module {
	m := &Module{}
	m.Export("memory", m.Memory(1, 1))
	if imports {
		m.ImportFunction("env", "unused", Signature{})
	}
	f := m.Function("next", Signature{Results: []ValueType{I32}})
	f.I32Const(8)
	f.I32Const(8)
	f.Memory(I32Load, 0)
	f.I32Const(1)
	f.Op(I32Add)
	f.Memory(I32Store, 0)
	f.I32Const(8)
	f.Memory(I32Load, 0)
	m.Export("next", f)
	m.PassiveData([]byte("waits"))
	m.Custom("kept", []byte("as it is"))
	return m
}

// TestImportMemory: two modules that had memories of their own count in one.
func TestImportMemory(t *testing.T) {
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	defer r.Close(ctx)
	owner := &Module{}
	owner.Export("memory", owner.Memory(3, 10))
	if _, err := r.InstantiateWithConfig(ctx, owner.Encode(), wazero.NewModuleConfig().WithName("shared")); err != nil {
		t.Fatal(err)
	}
	if _, err := r.NewHostModuleBuilder("env").NewFunctionBuilder().WithFunc(func() {}).Export("unused").Instantiate(ctx); err != nil {
		t.Fatal(err)
	}
	want := uint64(0)
	for _, imports := range []bool{false, true} {
		wasm, err := ImportMemory(counter(imports).Encode(), "shared", "memory")
		if err != nil {
			t.Fatal(err)
		}
		instance, err := r.InstantiateWithConfig(ctx, wasm, wazero.NewModuleConfig().WithName(""))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			want++
			if got := call(t, instance, "next"); got[0] != want {
				t.Errorf("counted %d, want %d", got[0], want)
			}
		}
		if kept, err := FindCustom(wasm, "kept"); string(kept) != "as it is" {
			t.Error(kept, err)
		}
	}
}

func TestImportMemoryRefuses(t *testing.T) {
	active := counter(false)
	active.Data(0, []byte("here"))
	for want, wasm := range map[string][]byte{
		"fixed place":    active.Encode(),
		"no memory":      (&Module{}).Encode(),
		"newer version":  []byte("\x00asm\x02\x00\x00\x00"),
		"not a WebAssem": []byte("hello"),
		"damaged":        counter(false).Encode()[:50],
	} {
		if _, err := ImportMemory(wasm, "a", "b"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
