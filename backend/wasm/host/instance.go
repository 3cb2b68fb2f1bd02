package host

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"

	"github.com/tetratelabs/wazero/api"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/backend/wasm/abi"
	"github.com/calx-lang/calx/runtime"
)

// An Instance is a run of a module: calls, one after the other, under one context
// and one set of limits, and the memory that they allocated. It serves one
// goroutine. A hook that wants to call the module begins another run.
type Instance struct {
	module    *Module
	wasm      api.Module
	functions []api.Function // by Entry, once they were called
	cell      region
	running   running

	ctx     context.Context
	watched bool // ctx can end
	limits  runtime.Limits
	steps   int64
	used    int64             // bytes counted against the limit
	owned   map[uint32]region // that the module allocated
	arena   region
	charged int64    // bytes of the arena that count
	failure *Failure // what a hook ended the run with
	calling bool
	broken  bool // by a fault: not to be used again
}

// running is the context that compiled code runs under; hooks find the instance
// there. What it embeds is the background, so that looking at it costs nothing.
type running struct {
	context.Context
	instance *Instance
}

// keptArena is the size up to which an instance keeps its arena for later runs.
const keptArena = 1 << 20

// Begin starts a run. It is to be ended. Of the limits, Depth is the module's own.
func (m *Module) Begin(ctx context.Context, limits runtime.Limits) (*Instance, error) {
	m.mutex.Lock()
	var i *Instance
	if n := len(m.free); n > 0 {
		i = m.free[n-1]
		m.free = m.free[:n-1]
	}
	m.mutex.Unlock()
	if i == nil {
		var err error
		if i, err = m.instantiate(); err != nil {
			return nil, err
		}
	}
	i.ctx, i.watched = ctx, ctx.Done() != nil
	i.limits = limits.WithDefaults()
	return i, nil
}

// End frees what the run allocated and did not hand on.
func (i *Instance) End() {
	for _, r := range i.owned {
		i.module.engine.heap.release(r)
	}
	clear(i.owned)
	i.ctx, i.steps, i.used, i.charged = nil, 0, 0, 0
	if i.arena.bytes > keptArena {
		i.freeArena()
	}
	m := i.module
	m.mutex.Lock()
	keep := !i.broken && !m.closed && len(m.free) < keptInstances
	if keep {
		m.free = append(m.free, i)
	}
	m.mutex.Unlock()
	if !keep {
		i.close()
	}
}

func (i *Instance) close() {
	i.freeArena()
	if i.cell.block != nil {
		i.module.engine.heap.release(i.cell)
		i.cell = region{}
	}
	_ = i.wasm.Close(context.Background())
}

// Call calls a function. The stack holds the arguments, as bits, and then the
// results; it must be long enough for both. An error is a *Failure or a *Fault.
func (i *Instance) Call(entry Entry, stack []uint64) error {
	f := i.functions[entry]
	if f == nil {
		f = i.wasm.ExportedFunction(i.module.names[entry])
		i.functions[entry] = f
	}
	switch {
	case i.broken:
		return &Fault{i.module.names[entry], errors.New("a fault came before")}
	case i.calling:
		return &Fault{i.module.names[entry], errors.New("a call is going on in this run")}
	}
	if i.watched {
		if err := runtime.Interrupted(i.ctx); err != nil {
			return &Failure{Cause: err}
		}
	}
	i.calling = true
	err := f.CallWithStack(&i.running, stack)
	i.calling = false
	if err != nil {
		err = i.explain(entry, err)
	}
	if i.module.engine.heap.guard != nil {
		if fault := i.module.engine.heap.inspect(); fault != nil {
			i.broken = true
			return &Fault{i.module.names[entry], fault}
		}
	}
	return err
}

// explain turns the end of a call by a trap into what it means, and makes the
// instance ready for the next call.
func (i *Instance) explain(entry Entry, err error) error {
	failure := i.failure
	i.failure = nil
	cell := i.module.engine.heap.view(i.cell)
	if code := binary.LittleEndian.Uint32(cell[abi.CellCode:]); failure == nil && code != 0 {
		failure = &Failure{
			Code: code,
			Site: binary.LittleEndian.Uint32(cell[abi.CellSite:]),
			A:    int64(binary.LittleEndian.Uint64(cell[abi.CellA:])),
			B:    int64(binary.LittleEndian.Uint64(cell[abi.CellB:])),
		}
	}
	clear(cell)
	if failure == nil {
		i.broken = true
		return &Fault{i.module.names[entry], err}
	}
	if reset := i.wasm.ExportedFunction(abi.ResetName); reset != nil {
		if err := reset.CallWithStack(&i.running, nil); err != nil {
			i.broken = true
			return &Fault{abi.ResetName, err}
		}
	}
	return failure
}

// charge counts bytes against the memory limit.
func (i *Instance) charge(bytes int64) error {
	if bytes < 0 {
		return runtime.Fail(ast.CodeMemoryLimit, "more bytes are needed than can be counted; the memory limit is %d bytes", i.limits.Memory)
	}
	if bytes > i.limits.Memory-i.used {
		return runtime.Fail(ast.CodeMemoryLimit, "%d bytes are needed, %d are in use, and the memory limit is %d bytes", bytes, i.used, i.limits.Memory)
	}
	i.used += bytes
	return nil
}

// allocate gives the run a region that counts against its limit.
func (i *Instance) allocate(bytes int64) (region, error) {
	if err := i.charge(bytes); err != nil {
		return region{}, err
	}
	r, err := i.module.engine.heap.allocate(bytes)
	if err != nil {
		i.used -= bytes
	}
	return r, err
}

// Arena is working storage for the next calls, as large as a module says that it
// needs; fewer than 0 bytes are more than can be counted. The next Arena takes
// its place. An error is a *Failure.
func (i *Instance) Arena(bytes int64) (address uint32, err error) {
	i.used -= i.charged
	i.charged = 0
	if err := i.charge(bytes); err != nil {
		return 0, &Failure{Cause: err}
	}
	i.charged = bytes
	if bytes > int64(i.arena.bytes) || i.arena.block == nil {
		i.freeArena()
		if i.arena, err = i.module.engine.heap.allocate(bytes); err != nil {
			return 0, &Failure{Cause: err}
		}
	}
	return i.arena.address, nil
}

func (i *Instance) freeArena() {
	if i.arena.block != nil {
		i.module.engine.heap.release(i.arena)
		i.arena = region{}
	}
}

// Take is an array of what the module allocated at address, which from now on
// belongs to the caller.
func (i *Instance) Take(address uint32) (*Array, error) {
	r, ok := i.owned[address]
	if !ok {
		return nil, &Fault{"a result", fmt.Errorf("nothing was allocated at address %d", address)}
	}
	delete(i.owned, address)
	return newArray(i.module.engine.heap, r), nil
}

// Context is the context of the run, for hooks.
func (i *Instance) Context() context.Context { return i.ctx }

// View is n values of type T in memory: itself, not a copy, and valid as long as
// what lies there.
func View[T any](i *Instance, address uint32, n int) ([]T, error) {
	var zero T
	h := i.module.engine.heap
	if width := int(unsafe.Sizeof(zero)); n < 0 || n > (len(h.memory.bytes)-int(address))/width || address%uint32(unsafe.Alignof(zero)) != 0 {
		return nil, fmt.Errorf("%d values of %d bytes at address %d", n, width, address)
	}
	return elements[T](h.memory.bytes, int(address), n), nil
}
