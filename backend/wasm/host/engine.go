// Package host runs compiled modules inside a Go process, with wazero. In come
// modules as package abi describes them, contexts and limits; out come results,
// arrays, and errors with the number of the place where they happened. What the
// numbers of places, operations and reasons mean is for the caller to know.
//
// An Engine has one memory, reserved at its full size, so that what lies there
// never moves: Go sees it as slices, and all instances of all modules share it.
// Each run has regions of its own there, which a heap outside of the reach of
// programs gives out. A Module keeps instances for runs to come; an Instance is
// one run. Runs are concurrent; what happens inside one is not.
//
// Compiled code can't be interrupted. It calls the hook abi.Poll every 100 µs
// or so: there its context and its steps are looked at, and Go's garbage
// collector, which would otherwise have to wait for its end, gets its turn.
package host

import (
	"context"
	"fmt"
	gort "runtime"
	"slices"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/calx-lang/calx/backend/wasm/abi"
	"github.com/calx-lang/calx/backend/wasm/encode"
)

// Options are those of an Engine.
type Options struct {
	Memory int64  // bytes of addresses to reserve; 0, and more than 65,535 pages: all that 32 bits reach
	Cache  string // directory where compiled code is kept for later processes; empty: nowhere
	Guard  bool   // for tests: find writes where there is nothing to write; slow
}

// An Engine runs modules in a memory that they share. Its methods may be called
// concurrently.
type Engine struct {
	runtime  wazero.Runtime
	cache    wazero.CompilationCache
	memory   *reservation
	heap     *heap
	hooks    wazero.CompiledModule // the module that fills a table of hooks
	instance wazero.ModuleConfig

	mutex  sync.Mutex
	closed bool
}

// Fast reports whether modules are compiled to machine code here. Elsewhere they
// are interpreted, some hundred times slower than that.
func Fast() bool {
	switch gort.GOOS {
	case "linux", "darwin", "freebsd", "netbsd", "windows":
		return gort.GOARCH == "amd64" || gort.GOARCH == "arm64"
	}
	return false
}

// New makes an engine. It is to be closed.
func New(options Options) (*Engine, error) {
	size := min(options.Memory, pages*pageSize)
	if size <= 0 {
		size = pages * pageSize
	}
	size = max(size/pageSize, 2) * pageSize
	memory, err := reserve(int(size))
	if err != nil {
		return nil, fmt.Errorf("%d bytes of addresses can't be reserved: %w", size, err)
	}
	e := &Engine{memory: memory}
	if err := e.start(options); err != nil {
		_ = e.Close()
		return nil, err
	}
	return e, nil
}

func (e *Engine) start(options Options) error {
	config := wazero.NewRuntimeConfig()
	if options.Cache != "" {
		var err error
		if e.cache, err = wazero.NewCompilationCacheWithDir(options.Cache); err != nil {
			return fmt.Errorf("the cache of compiled code: %w", err)
		}
		config = config.WithCompilationCache(e.cache)
	}
	ctx := context.Background()
	e.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	e.instance = wazero.NewModuleConfig().WithName("").WithStartFunctions()
	if err := e.shareMemory(ctx); err != nil {
		return err
	}
	if options.Guard {
		e.heap.guard = &guard{regions: map[uint32]region{}}
	}
	return e.compileHooks(ctx)
}

// shareMemory instantiates the module that modules import their memory from.
func (e *Engine) shareMemory(ctx context.Context) error {
	m := &encode.Module{Name: "memory"}
	m.Export(abi.MemoryName, m.Memory(1, uint32(len(e.memory.bytes)/pageSize)))
	ctx = experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(func(uint64, uint64) experimental.LinearMemory {
		return fixed{e.memory}
	}))
	owner, err := e.runtime.InstantiateWithConfig(ctx, m.Encode(), e.instance.WithName(abi.MemoryModule))
	if err != nil {
		return err
	}
	memory := owner.Memory()
	e.heap = newHeap(e.memory, func(bytes int) bool {
		_, ok := memory.Grow(uint32(bytes/pageSize) - memory.Size()/pageSize)
		return ok
	})
	return e.memory.commit(pageSize)
}

// fixed is the memory of modules: a longer and longer part of the reservation.
type fixed struct{ *reservation }

func (f fixed) Reallocate(size uint64) []byte {
	if size > uint64(len(f.bytes)) {
		return nil
	}
	return f.bytes[:size:size]
}

// Free does nothing: the engine releases the reservation.
func (f fixed) Free() {}

// hooksModule and programModule are what the module that fills a table imports from.
const (
	hooksModule   = "calx.hooks"
	programModule = "program"
)

// compileHooks makes the hooks, and the module that puts them into the table of
// another when it is instantiated.
func (e *Engine) compileHooks(ctx context.Context) error {
	functions := [abi.Hooks]api.GoFunc{abi.Poll: poll, abi.Library: library, abi.Host: hostFunction, abi.Print: printing, abi.Allocate: allocate}
	builder := e.runtime.NewHostModuleBuilder(hooksModule)
	m := &encode.Module{Name: "hooks"}
	table := m.ImportTable(programModule, abi.HooksName, uint32(abi.Hooks), 1<<32-1)
	var entries []*encode.Function
	for i, function := range functions {
		name, signature := fmt.Sprint(i), abi.Hook(i).Signature()
		builder.NewFunctionBuilder().WithGoFunction(function, valueTypes(signature.Params), valueTypes(signature.Results)).Export(name)
		entries = append(entries, m.ImportFunction(hooksModule, name, signature))
	}
	if _, err := builder.Instantiate(ctx); err != nil {
		return err
	}
	m.Elements(table, 0, entries...)
	var err error
	e.hooks, err = e.runtime.CompileModule(ctx, m.Encode())
	return err
}

func valueTypes(types []encode.ValueType) []api.ValueType {
	out := make([]api.ValueType, len(types))
	for i, t := range types {
		out[i] = api.ValueType(t)
	}
	return out
}

// Close ends all modules and gives the memory back. No run may be going on, and
// no array of the engine may be used any more.
func (e *Engine) Close() error {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	ctx := context.Background()
	var err error
	if e.runtime != nil {
		err = e.runtime.Close(ctx)
	}
	if e.cache != nil {
		err = firstError(err, e.cache.Close(ctx))
	}
	if e.heap != nil {
		e.heap.mutex.Lock()
		defer e.heap.mutex.Unlock()
		e.heap.closed = true
	}
	return firstError(err, e.memory.release())
}

func firstError(errs ...error) error {
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return nil
}

// Used is the number of bytes of memory that somebody has.
func (e *Engine) Used() int64 {
	e.heap.mutex.Lock()
	defer e.heap.mutex.Unlock()
	return e.heap.used
}

// Inspect is for engines with a guard: it is an error if anything was written
// where it may not since the last time.
func (e *Engine) Inspect() error { return e.heap.inspect() }
