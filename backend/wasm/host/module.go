package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/calx-lang/calx/backend/wasm/abi"
	"github.com/calx-lang/calx/backend/wasm/encode"
	"github.com/calx-lang/calx/runtime"
)

// Hooks are what a module calls outside: each gets the number of an operation
// and the address of its argument block, which Memory reads. An error ends the
// run as the cause of a Failure. One that a module calls may not be nil.
type Hooks struct {
	Library, Host, Print func(run *Instance, operation, block uint32) error
}

// A Module is compiled code, with instances kept for runs.
type Module struct {
	engine   *Engine
	compiled wazero.CompiledModule
	hooks    Hooks
	names    []string // of exported functions, by Entry
	data     region   // constants, if it has any; written by the first instance

	mutex  sync.Mutex
	free   []*Instance
	loaded bool // the constants are written
	closed bool
}

// An Entry is an exported function of a module.
type Entry int

// keptInstances of a module wait for runs to come.
const keptInstances = 64

// Load compiles a module. An error is the module's fault: it is damaged, or not
// one for this package.
func (e *Engine) Load(wasm []byte, hooks Hooks) (*Module, error) {
	ctx := context.Background()
	contents, err := encode.Scan(wasm)
	switch {
	case err == nil && contents.OwnMemory:
		err = errors.New("it has a memory of its own")
	case err == nil && contents.Start:
		err = errors.New("it begins to run by itself")
	}
	var compiled wazero.CompiledModule
	if err == nil {
		compiled, err = e.runtime.CompileModule(ctx, wasm)
	}
	if err != nil {
		return nil, fmt.Errorf("the compiled module is refused: %w", err)
	}
	m := &Module{engine: e, compiled: compiled, hooks: hooks}
	for name := range compiled.ExportedFunctions() {
		m.names = append(m.names, name)
	}
	slices.Sort(m.names)
	i, err := m.Begin(ctx, runtime.Limits{})
	if err != nil {
		_ = m.Close()
		return nil, fmt.Errorf("the compiled module is refused: %w", err)
	}
	i.End()
	return m, nil
}

// Entry finds an exported function.
func (m *Module) Entry(name string) (Entry, error) {
	i, found := slices.BinarySearch(m.names, name)
	if !found {
		return 0, fmt.Errorf("the compiled module has no function %q", name)
	}
	return Entry(i), nil
}

// Close ends the module. No run of it may be going on.
func (m *Module) Close() error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	for _, i := range m.free {
		i.close()
	}
	m.free = nil
	if m.data.block != nil {
		m.engine.heap.release(m.data)
	}
	return m.compiled.Close(context.Background())
}

// instantiate makes an instance, with its hooks, cell and constants.
func (m *Module) instantiate() (*Instance, error) {
	e := m.engine
	ctx := context.Background()
	module, err := e.runtime.InstantiateModule(ctx, m.compiled, e.instance)
	if err != nil {
		return nil, err
	}
	i := &Instance{module: m, wasm: module, functions: make([]api.Function, len(m.names))}
	i.running = running{ctx, i}
	if err := i.prepare(ctx); err != nil {
		i.close()
		return nil, err
	}
	return i, nil
}

func (i *Instance) prepare(ctx context.Context) error {
	e := i.module.engine
	imports := experimental.WithImportResolver(ctx, func(name string) api.Module {
		if name == programModule {
			return i.wasm
		}
		return nil
	})
	filler, err := e.runtime.InstantiateModule(imports, e.hooks, e.instance)
	if err != nil {
		return err
	}
	if err := filler.Close(ctx); err != nil {
		return err
	}
	if i.cell, err = e.heap.allocate(abi.CellBytes); err != nil {
		return err
	}
	clear(e.heap.view(i.cell))
	cell, ok := i.wasm.ExportedGlobal(abi.CellName).(api.MutableGlobal)
	if !ok {
		return fmt.Errorf("it has no variable %q", abi.CellName)
	}
	cell.Set(uint64(i.cell.address))
	return i.constants()
}

// constants gives the instance the module's constants, which the first instance
// writes.
func (i *Instance) constants() error {
	data, ok := i.wasm.ExportedGlobal(abi.DataName).(api.MutableGlobal)
	if !ok {
		return nil
	}
	m := i.module
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if !m.loaded {
		size, write := i.wasm.ExportedGlobal(abi.DataBytesName), i.wasm.ExportedFunction(abi.DataInitName)
		if size == nil || write == nil {
			return fmt.Errorf("it has %q without %q and %q", abi.DataName, abi.DataBytesName, abi.DataInitName)
		}
		var err error
		if m.data, err = m.engine.heap.allocate(int64(uint32(size.Get()))); err != nil {
			return err
		}
		data.Set(uint64(m.data.address))
		if err := write.CallWithStack(&i.running, nil); err != nil {
			return err
		}
		m.loaded = true
	}
	data.Set(uint64(m.data.address))
	return nil
}
