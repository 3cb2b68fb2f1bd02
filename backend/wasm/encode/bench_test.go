package encode

import (
	"fmt"
	"testing"
)

// BenchmarkEncode builds and encodes functions of about 2,000 instructions.
func BenchmarkEncode(b *testing.B) {
	build := func() *Module {
		m := &Module{}
		m.Memory(1, 1)
		f := m.Function("long", Signature{Params: []ValueType{I32}})
		x, v := f.Param(0, "x"), f.Local(V128, "v")
		for i := range 250 {
			f.Mark(uint32(i))
			f.Get(x)
			f.Get(x)
			f.Memory(V128Load, uint32(i))
			f.Get(v)
			f.Op(F64x2Mul)
			f.F64x2Const(float64(i))
			f.Op(F64x2Add)
			f.Memory(V128Store, uint32(i))
		}
		return m
	}
	m := build()
	for name, run := range map[string]func(){
		"build":  func() { build() },
		"encode": func() { m.Encode() },
		"check":  func() { _ = m.Check() },
		"scan":   func() { _, _ = Scan(m.Encode()) },
	} {
		b.Run(fmt.Sprintf("%s/bytes=%d", name, len(m.Encode())), func(b *testing.B) {
			for b.Loop() {
				run()
			}
		})
	}
}
