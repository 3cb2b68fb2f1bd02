package encode

// The opcodes of control and of variables. Body has a method for each.
const (
	Unreachable  Opcode = 0x00
	Nop          Opcode = 0x01
	Block        Opcode = 0x02
	Loop         Opcode = 0x03
	If           Opcode = 0x04
	Else         Opcode = 0x05
	End          Opcode = 0x0B
	Br           Opcode = 0x0C
	BrIf         Opcode = 0x0D
	BrTable      Opcode = 0x0E
	Return       Opcode = 0x0F
	Call         Opcode = 0x10
	CallIndirect Opcode = 0x11
	Drop         Opcode = 0x1A
	Select       Opcode = 0x1B
	LocalGet     Opcode = 0x20
	LocalSet     Opcode = 0x21
	LocalTee     Opcode = 0x22
	GlobalGet    Opcode = 0x23
	GlobalSet    Opcode = 0x24
)

var controlInstructions = [256]instruction{
	Unreachable:  {name: "unreachable", immediate: controlImmediate},
	Nop:          {name: "nop"},
	Block:        {name: "block", immediate: controlImmediate},
	Loop:         {name: "loop", immediate: controlImmediate},
	If:           {name: "if", immediate: controlImmediate},
	Else:         {name: "else", immediate: controlImmediate},
	End:          {name: "end", immediate: controlImmediate},
	Br:           {name: "br", immediate: controlImmediate},
	BrIf:         {name: "br_if", immediate: controlImmediate},
	BrTable:      {name: "br_table", immediate: controlImmediate},
	Return:       {name: "return", immediate: controlImmediate},
	Call:         {name: "call", immediate: controlImmediate},
	CallIndirect: {name: "call_indirect", immediate: controlImmediate},
	Drop:         {name: "drop", immediate: controlImmediate},
	Select:       {name: "select", immediate: controlImmediate},
	LocalGet:     {name: "local.get", immediate: localImmediate},
	LocalSet:     {name: "local.set", immediate: localImmediate},
	LocalTee:     {name: "local.tee", immediate: localImmediate},
	GlobalGet:    {name: "global.get", immediate: globalImmediate},
	GlobalSet:    {name: "global.set", immediate: globalImmediate},
}
