package host

import (
	"context"
	"fmt"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/runtime"
)

// fail ends the run that calls a hook.
func (i *Instance) fail(site uint64, cause error) {
	i.failure = &Failure{Site: uint32(site), Cause: cause}
	panic(errEnded)
}

// poll is abi.Poll: it counts steps and looks whether the run is to end.
func poll(ctx context.Context, stack []uint64) {
	i := ctx.(*running).instance
	i.steps += int64(stack[0])
	if i.steps > i.limits.Steps {
		i.fail(stack[1], runtime.Fail(ast.CodeStepLimit, "the program took more than %d steps", i.limits.Steps))
	}
	if i.watched {
		if err := runtime.Interrupted(i.ctx); err != nil {
			i.fail(stack[1], err)
		}
	}
}

// library is abi.Library.
func library(ctx context.Context, stack []uint64) {
	i := ctx.(*running).instance
	i.outside(i.module.hooks.Library, stack)
}

// hostFunction is abi.Host.
func hostFunction(ctx context.Context, stack []uint64) {
	i := ctx.(*running).instance
	i.outside(i.module.hooks.Host, stack)
}

// printing is abi.Print.
func printing(ctx context.Context, stack []uint64) {
	i := ctx.(*running).instance
	i.outside(i.module.hooks.Print, stack)
}

func (i *Instance) outside(call func(run *Instance, operation, block uint32) error, stack []uint64) {
	if call == nil {
		panic(fmt.Errorf("operation %d has no hook", uint32(stack[0])))
	}
	if err := call(i, uint32(stack[0]), uint32(stack[1])); err != nil {
		i.fail(stack[2], err)
	}
}

// allocate is abi.Allocate.
func allocate(ctx context.Context, stack []uint64) {
	i := ctx.(*running).instance
	address, bytes := uint32(stack[0]), int64(stack[1])
	h := i.module.engine.heap
	old, ok := i.owned[address]
	if address != 0 && !ok {
		panic(fmt.Errorf("nothing was allocated at address %d", address))
	}
	stack[0] = 0
	if bytes != 0 || address == 0 {
		r, err := i.allocate(bytes)
		if err != nil {
			i.fail(stack[2], err)
		}
		copy(h.view(r), h.view(old))
		if i.owned == nil {
			i.owned = map[uint32]region{}
		}
		i.owned[r.address] = r
		stack[0] = uint64(r.address)
	}
	if address != 0 {
		h.release(old)
		i.used -= int64(old.bytes)
		delete(i.owned, address)
	}
}
