// Package abi says what compiled modules and those who run them agree on: names
// of exports, the hooks through which everything outside is called, and the cell
// in which a module says why it failed. What emits modules and what runs them
// import it; it has no code of its own.
//
// A module has its memory, or imports the one that several share, and exports
//
//	hooks       table of at least Hooks functions, filled by who runs it
//	cell        mutable i32: address of CellBytes bytes, 8-aligned
//	data        mutable i32: address of its constants (absent if it has none)
//	data_bytes  i32: their size
//	data_init   () -> (): writes them
//	reset       () -> (): sets its globals, but cell and data, to their first values
//
// beside its functions. A module that fails writes the cell and executes
// unreachable; it relies on no trap of WebAssembly's own. All that it fills in a
// shared memory lies in the cell, its constants, what it is given as arguments,
// and what Allocate gave it.
package abi

import "github.com/calx-lang/calx/backend/wasm/encode"

// The import and the exports of a module.
const (
	MemoryModule = "calx"
	MemoryName   = "memory"

	HooksName     = "hooks"
	CellName      = "cell"
	DataName      = "data"
	DataBytesName = "data_bytes"
	DataInitName  = "data_init"
	ResetName     = "reset"
)

// A Hook is an index in the table of hooks. The last parameter of each is a
// site: the place in the program, for errors.
type Hook int

// The hooks. Library, Host and Print get the number of an operation and the
// address of its argument block; what these are is between the module and the
// functions that it is loaded with.
//
// Allocate makes storage (address 0), frees it (bytes 0), or moves what is at
// address into storage of another size, aligned to 64 bytes. It returns 0 only
// for what it frees. What is left at the end of a run is freed, unless the host
// takes it as a result.
const (
	Poll     Hook = iota // (steps i64, site i32): steps since the last one; may end the run
	Library              // (operation i32, block i32, site i32): a kernel outside the module
	Host                 // (operation i32, block i32, site i32): a function of the embedding program
	Print                // (operation i32, block i32, site i32)
	Allocate             // (address i32, bytes i64, site i32) -> i32
	Hooks                // how many there are
)

// Signature is the type of h.
func (h Hook) Signature() encode.Signature {
	switch h {
	case Poll:
		return encode.Signature{Params: []encode.ValueType{encode.I64, encode.I32}}
	case Allocate:
		return encode.Signature{Params: []encode.ValueType{encode.I32, encode.I64, encode.I32}, Results: []encode.ValueType{encode.I32}}
	}
	return encode.Signature{Params: []encode.ValueType{encode.I32, encode.I32, encode.I32}}
}

// The cell: where in it is what.
const (
	CellCode  = 0  // i32: why, a number of the module's; not 0
	CellSite  = 4  // i32: where
	CellA     = 8  // i64: what the message says, such as an index and a size
	CellB     = 16 // i64
	CellBytes = 64
)
