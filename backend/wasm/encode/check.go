package encode

import (
	"fmt"
	"slices"
)

// Check types the bodies of all functions as an engine would. It names the
// first mistake by function, number of the instruction, and the instruction.
func (m *Module) Check() error {
	m.number()
	for _, e := range m.elements {
		if last := uint64(e.offset) + uint64(len(e.functions)); last > uint64(e.table.limits.least) {
			return fmt.Errorf("elements up to %d of a table of %d", last, e.table.limits.least)
		}
	}
	if len(m.data) > 0 && m.memory == nil {
		return fmt.Errorf("data without a memory")
	}
	if m.start != nil && !m.start.signature.equal(Signature{}) {
		return fmt.Errorf("function %s can't be the start: it is%s", m.start.name, signatureText(m.start.signature))
	}
	for _, f := range m.defined() {
		if err := f.check(); err != nil {
			return fmt.Errorf("function %s: %w", f.name, err)
		}
	}
	return nil
}

// unknown is the type of an operand after code that can't be reached: any.
const unknown ValueType = 0

// A checker holds the types on the stack, and the blocks that stand open, as the
// standard's appendix on validation does.
type checker struct {
	function *Function
	stack    []ValueType
	frames   []frame
}

type frame struct {
	opcode      Opcode
	signature   Signature
	height      int  // of the stack below the block
	unreachable bool // since here
}

// branch are the types that a branch to the frame takes.
func (f *frame) branch() []ValueType {
	if f.opcode == Loop {
		return f.signature.Params
	}
	return f.signature.Results
}

func (f *Function) check() error {
	c := &checker{function: f, frames: []frame{{opcode: Block, signature: Signature{Results: f.signature.Results}}}}
	for i := range f.code {
		s := &f.code[i]
		if err := c.step(s); err != nil {
			return fmt.Errorf("instruction %d, %s: %w", i, s.opcode, err)
		}
	}
	if len(c.frames) != 1 {
		return fmt.Errorf("%d blocks are open at the end", len(c.frames)-1)
	}
	if err := c.leave(); err != nil {
		return fmt.Errorf("at the end: %w", err)
	}
	return nil
}

func (c *checker) push(types ...ValueType) { c.stack = append(c.stack, types...) }

func (c *checker) top() *frame { return &c.frames[len(c.frames)-1] }

// popAny takes a value of any type.
func (c *checker) popAny() (ValueType, error) {
	if len(c.stack) == c.top().height {
		if c.top().unreachable {
			return unknown, nil
		}
		return unknown, fmt.Errorf("the stack is empty")
	}
	t := c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
	return t, nil
}

// pop takes values of these types, the last from the top.
func (c *checker) pop(types ...ValueType) error {
	for _, want := range slices.Backward(types) {
		t, err := c.popAny()
		if err != nil {
			return fmt.Errorf("%w, and %s is needed", err, want)
		}
		if t != want && t != unknown && want != unknown {
			return fmt.Errorf("%s is on the stack, and %s is needed", t, want)
		}
	}
	return nil
}

// apply takes and leaves values.
func (c *checker) apply(in, out []ValueType) error {
	if err := c.pop(in...); err != nil {
		return err
	}
	c.push(out...)
	return nil
}

// leave takes what the innermost block must leave, and nothing may be below.
func (c *checker) leave() error {
	if err := c.pop(c.top().signature.Results...); err != nil {
		return err
	}
	if extra := len(c.stack) - c.top().height; extra > 0 {
		return fmt.Errorf("%d values too many are on the stack", extra)
	}
	return nil
}

// unreachable says that what follows in the block can't be reached.
func (c *checker) unreachable() {
	c.stack = c.stack[:c.top().height]
	c.top().unreachable = true
}

func (c *checker) step(s *step) error {
	row := s.opcode.row()
	f := c.function
	switch row.immediate {
	case memoryImmediate, memoryLaneImmediate, pageImmediate, copyImmediate, initImmediate:
		if f.module.memory == nil {
			return fmt.Errorf("the module has no memory")
		}
	case localImmediate:
		kind := []ValueType{f.locals[s.value].kind}
		switch s.opcode {
		case LocalGet:
			return c.apply(nil, kind)
		case LocalSet:
			return c.apply(kind, nil)
		}
		return c.apply(kind, kind)
	case globalImmediate:
		g := s.of.(*Global)
		if g.index >= uint32(len(f.module.globals)) || f.module.globals[g.index] != g {
			return fmt.Errorf("global %s is of another module", g.name)
		}
		if s.opcode == GlobalGet {
			return c.apply(nil, []ValueType{g.kind})
		}
		if !g.mutable {
			return fmt.Errorf("global %s can't be changed", g.name)
		}
		return c.apply([]ValueType{g.kind}, nil)
	case controlImmediate:
		return c.control(s)
	}
	return c.apply(typesOf(row.in), typesOf(row.out))
}

func (c *checker) control(s *step) error {
	switch s.opcode {
	case Block, Loop, If:
		return c.enter(s)
	case Else, End:
		return c.close(s.opcode)
	case Br:
		err := c.pop(c.frames[len(c.frames)-1-int(s.value)].branch()...)
		c.unreachable()
		return err
	case BrIf:
		types := c.frames[len(c.frames)-1-int(s.value)].branch()
		if err := c.pop(I32); err != nil {
			return err
		}
		return c.apply(types, types)
	case BrTable:
		return c.branchTable(s.of.(*branches).depths)
	case Return:
		err := c.pop(c.frames[0].signature.Results...)
		c.unreachable()
		return err
	case Unreachable:
		c.unreachable()
	case Call:
		to := s.of.(*Function).signature
		return c.apply(to.Params, to.Results)
	case CallIndirect:
		if err := c.pop(I32); err != nil {
			return err
		}
		to := c.function.module.types[s.of.(indirect).kind]
		return c.apply(to.Params, to.Results)
	case Drop:
		_, err := c.popAny()
		return err
	case Select:
		return c.choose()
	}
	return nil
}

func (c *checker) enter(s *step) error {
	if s.opcode == If {
		if err := c.pop(I32); err != nil {
			return err
		}
	}
	signature := s.of.(Signature)
	if err := c.pop(signature.Params...); err != nil {
		return err
	}
	c.frames = append(c.frames, frame{opcode: s.opcode, signature: signature, height: len(c.stack)})
	c.push(signature.Params...)
	return nil
}

// close ends the innermost block, or its first half.
func (c *checker) close(by Opcode) error {
	if err := c.leave(); err != nil {
		return err
	}
	f := *c.top()
	if by == End && f.opcode == If && !slices.Equal(f.signature.Params, f.signature.Results) {
		return fmt.Errorf("an if without else leaves what it takes, not%s", signatureText(f.signature))
	}
	c.frames = c.frames[:len(c.frames)-1]
	if by == Else {
		c.frames = append(c.frames, frame{opcode: Else, signature: f.signature, height: f.height})
		c.push(f.signature.Params...)
		return nil
	}
	c.push(f.signature.Results...)
	return nil
}

func (c *checker) branchTable(depths []uint32) error {
	if err := c.pop(I32); err != nil {
		return err
	}
	arity := -1
	for _, d := range depths {
		types := c.frames[len(c.frames)-1-int(d)].branch()
		if arity < 0 {
			arity = len(types)
		}
		if len(types) != arity {
			return fmt.Errorf("one label takes %d values, another %d", arity, len(types))
		}
		before := slices.Clone(c.stack)
		if err := c.pop(types...); err != nil {
			return err
		}
		c.stack = before
	}
	c.unreachable()
	return nil
}

func (c *checker) choose() error {
	if err := c.pop(I32); err != nil {
		return err
	}
	x, err := c.popAny()
	if err != nil {
		return err
	}
	y, err := c.popAny()
	if err != nil {
		return err
	}
	if x != y && x != unknown && y != unknown {
		return fmt.Errorf("it chooses between %s and %s", y, x)
	}
	if x == unknown {
		x = y
	}
	c.push(x)
	return nil
}
