package encode

// The opcodes of arithmetic on scalars.
const (
	I32Const          Opcode = 0x41
	I64Const          Opcode = 0x42
	F32Const          Opcode = 0x43
	F64Const          Opcode = 0x44
	I32Eqz            Opcode = 0x45
	I32Eq             Opcode = 0x46
	I32Ne             Opcode = 0x47
	I32LtS            Opcode = 0x48
	I32LtU            Opcode = 0x49
	I32GtS            Opcode = 0x4A
	I32GtU            Opcode = 0x4B
	I32LeS            Opcode = 0x4C
	I32LeU            Opcode = 0x4D
	I32GeS            Opcode = 0x4E
	I32GeU            Opcode = 0x4F
	I64Eqz            Opcode = 0x50
	I64Eq             Opcode = 0x51
	I64Ne             Opcode = 0x52
	I64LtS            Opcode = 0x53
	I64LtU            Opcode = 0x54
	I64GtS            Opcode = 0x55
	I64GtU            Opcode = 0x56
	I64LeS            Opcode = 0x57
	I64LeU            Opcode = 0x58
	I64GeS            Opcode = 0x59
	I64GeU            Opcode = 0x5A
	F32Eq             Opcode = 0x5B
	F32Ne             Opcode = 0x5C
	F32Lt             Opcode = 0x5D
	F32Gt             Opcode = 0x5E
	F32Le             Opcode = 0x5F
	F32Ge             Opcode = 0x60
	F64Eq             Opcode = 0x61
	F64Ne             Opcode = 0x62
	F64Lt             Opcode = 0x63
	F64Gt             Opcode = 0x64
	F64Le             Opcode = 0x65
	F64Ge             Opcode = 0x66
	I32Clz            Opcode = 0x67
	I32Ctz            Opcode = 0x68
	I32Popcnt         Opcode = 0x69
	I32Add            Opcode = 0x6A
	I32Sub            Opcode = 0x6B
	I32Mul            Opcode = 0x6C
	I32DivS           Opcode = 0x6D
	I32DivU           Opcode = 0x6E
	I32RemS           Opcode = 0x6F
	I32RemU           Opcode = 0x70
	I32And            Opcode = 0x71
	I32Or             Opcode = 0x72
	I32Xor            Opcode = 0x73
	I32Shl            Opcode = 0x74
	I32ShrS           Opcode = 0x75
	I32ShrU           Opcode = 0x76
	I32Rotl           Opcode = 0x77
	I32Rotr           Opcode = 0x78
	I64Clz            Opcode = 0x79
	I64Ctz            Opcode = 0x7A
	I64Popcnt         Opcode = 0x7B
	I64Add            Opcode = 0x7C
	I64Sub            Opcode = 0x7D
	I64Mul            Opcode = 0x7E
	I64DivS           Opcode = 0x7F
	I64DivU           Opcode = 0x80
	I64RemS           Opcode = 0x81
	I64RemU           Opcode = 0x82
	I64And            Opcode = 0x83
	I64Or             Opcode = 0x84
	I64Xor            Opcode = 0x85
	I64Shl            Opcode = 0x86
	I64ShrS           Opcode = 0x87
	I64ShrU           Opcode = 0x88
	I64Rotl           Opcode = 0x89
	I64Rotr           Opcode = 0x8A
	F32Abs            Opcode = 0x8B
	F32Neg            Opcode = 0x8C
	F32Ceil           Opcode = 0x8D
	F32Floor          Opcode = 0x8E
	F32Trunc          Opcode = 0x8F
	F32Nearest        Opcode = 0x90
	F32Sqrt           Opcode = 0x91
	F32Add            Opcode = 0x92
	F32Sub            Opcode = 0x93
	F32Mul            Opcode = 0x94
	F32Div            Opcode = 0x95
	F32Min            Opcode = 0x96
	F32Max            Opcode = 0x97
	F32Copysign       Opcode = 0x98
	F64Abs            Opcode = 0x99
	F64Neg            Opcode = 0x9A
	F64Ceil           Opcode = 0x9B
	F64Floor          Opcode = 0x9C
	F64Trunc          Opcode = 0x9D
	F64Nearest        Opcode = 0x9E
	F64Sqrt           Opcode = 0x9F
	F64Add            Opcode = 0xA0
	F64Sub            Opcode = 0xA1
	F64Mul            Opcode = 0xA2
	F64Div            Opcode = 0xA3
	F64Min            Opcode = 0xA4
	F64Max            Opcode = 0xA5
	F64Copysign       Opcode = 0xA6
	I32WrapI64        Opcode = 0xA7
	I32TruncF32S      Opcode = 0xA8
	I32TruncF32U      Opcode = 0xA9
	I32TruncF64S      Opcode = 0xAA
	I32TruncF64U      Opcode = 0xAB
	I64ExtendI32S     Opcode = 0xAC
	I64ExtendI32U     Opcode = 0xAD
	I64TruncF32S      Opcode = 0xAE
	I64TruncF32U      Opcode = 0xAF
	I64TruncF64S      Opcode = 0xB0
	I64TruncF64U      Opcode = 0xB1
	F32ConvertI32S    Opcode = 0xB2
	F32ConvertI32U    Opcode = 0xB3
	F32ConvertI64S    Opcode = 0xB4
	F32ConvertI64U    Opcode = 0xB5
	F32DemoteF64      Opcode = 0xB6
	F64ConvertI32S    Opcode = 0xB7
	F64ConvertI32U    Opcode = 0xB8
	F64ConvertI64S    Opcode = 0xB9
	F64ConvertI64U    Opcode = 0xBA
	F64PromoteF32     Opcode = 0xBB
	I32ReinterpretF32 Opcode = 0xBC
	I64ReinterpretF64 Opcode = 0xBD
	F32ReinterpretI32 Opcode = 0xBE
	F64ReinterpretI64 Opcode = 0xBF
	I32Extend8S       Opcode = 0xC0
	I32Extend16S      Opcode = 0xC1
	I64Extend8S       Opcode = 0xC2
	I64Extend16S      Opcode = 0xC3
	I64Extend32S      Opcode = 0xC4
	I32TruncSatF32S   Opcode = misc
	I32TruncSatF32U   Opcode = misc | 0x01
	I32TruncSatF64S   Opcode = misc | 0x02
	I32TruncSatF64U   Opcode = misc | 0x03
	I64TruncSatF32S   Opcode = misc | 0x04
	I64TruncSatF32U   Opcode = misc | 0x05
	I64TruncSatF64S   Opcode = misc | 0x06
	I64TruncSatF64U   Opcode = misc | 0x07
)

var numericInstructions = [256]instruction{
	I32Const:          {name: "i32.const", out: "i", immediate: constImmediate},
	I64Const:          {name: "i64.const", out: "l", immediate: constImmediate},
	F32Const:          {name: "f32.const", out: "f", immediate: constImmediate},
	F64Const:          {name: "f64.const", out: "d", immediate: constImmediate},
	I32Eqz:            {name: "i32.eqz", in: "i", out: "i"},
	I32Eq:             {name: "i32.eq", in: "ii", out: "i"},
	I32Ne:             {name: "i32.ne", in: "ii", out: "i"},
	I32LtS:            {name: "i32.lt_s", in: "ii", out: "i"},
	I32LtU:            {name: "i32.lt_u", in: "ii", out: "i"},
	I32GtS:            {name: "i32.gt_s", in: "ii", out: "i"},
	I32GtU:            {name: "i32.gt_u", in: "ii", out: "i"},
	I32LeS:            {name: "i32.le_s", in: "ii", out: "i"},
	I32LeU:            {name: "i32.le_u", in: "ii", out: "i"},
	I32GeS:            {name: "i32.ge_s", in: "ii", out: "i"},
	I32GeU:            {name: "i32.ge_u", in: "ii", out: "i"},
	I64Eqz:            {name: "i64.eqz", in: "l", out: "i"},
	I64Eq:             {name: "i64.eq", in: "ll", out: "i"},
	I64Ne:             {name: "i64.ne", in: "ll", out: "i"},
	I64LtS:            {name: "i64.lt_s", in: "ll", out: "i"},
	I64LtU:            {name: "i64.lt_u", in: "ll", out: "i"},
	I64GtS:            {name: "i64.gt_s", in: "ll", out: "i"},
	I64GtU:            {name: "i64.gt_u", in: "ll", out: "i"},
	I64LeS:            {name: "i64.le_s", in: "ll", out: "i"},
	I64LeU:            {name: "i64.le_u", in: "ll", out: "i"},
	I64GeS:            {name: "i64.ge_s", in: "ll", out: "i"},
	I64GeU:            {name: "i64.ge_u", in: "ll", out: "i"},
	F32Eq:             {name: "f32.eq", in: "ff", out: "i"},
	F32Ne:             {name: "f32.ne", in: "ff", out: "i"},
	F32Lt:             {name: "f32.lt", in: "ff", out: "i"},
	F32Gt:             {name: "f32.gt", in: "ff", out: "i"},
	F32Le:             {name: "f32.le", in: "ff", out: "i"},
	F32Ge:             {name: "f32.ge", in: "ff", out: "i"},
	F64Eq:             {name: "f64.eq", in: "dd", out: "i"},
	F64Ne:             {name: "f64.ne", in: "dd", out: "i"},
	F64Lt:             {name: "f64.lt", in: "dd", out: "i"},
	F64Gt:             {name: "f64.gt", in: "dd", out: "i"},
	F64Le:             {name: "f64.le", in: "dd", out: "i"},
	F64Ge:             {name: "f64.ge", in: "dd", out: "i"},
	I32Clz:            {name: "i32.clz", in: "i", out: "i"},
	I32Ctz:            {name: "i32.ctz", in: "i", out: "i"},
	I32Popcnt:         {name: "i32.popcnt", in: "i", out: "i"},
	I32Add:            {name: "i32.add", in: "ii", out: "i"},
	I32Sub:            {name: "i32.sub", in: "ii", out: "i"},
	I32Mul:            {name: "i32.mul", in: "ii", out: "i"},
	I32DivS:           {name: "i32.div_s", in: "ii", out: "i"},
	I32DivU:           {name: "i32.div_u", in: "ii", out: "i"},
	I32RemS:           {name: "i32.rem_s", in: "ii", out: "i"},
	I32RemU:           {name: "i32.rem_u", in: "ii", out: "i"},
	I32And:            {name: "i32.and", in: "ii", out: "i"},
	I32Or:             {name: "i32.or", in: "ii", out: "i"},
	I32Xor:            {name: "i32.xor", in: "ii", out: "i"},
	I32Shl:            {name: "i32.shl", in: "ii", out: "i"},
	I32ShrS:           {name: "i32.shr_s", in: "ii", out: "i"},
	I32ShrU:           {name: "i32.shr_u", in: "ii", out: "i"},
	I32Rotl:           {name: "i32.rotl", in: "ii", out: "i"},
	I32Rotr:           {name: "i32.rotr", in: "ii", out: "i"},
	I64Clz:            {name: "i64.clz", in: "l", out: "l"},
	I64Ctz:            {name: "i64.ctz", in: "l", out: "l"},
	I64Popcnt:         {name: "i64.popcnt", in: "l", out: "l"},
	I64Add:            {name: "i64.add", in: "ll", out: "l"},
	I64Sub:            {name: "i64.sub", in: "ll", out: "l"},
	I64Mul:            {name: "i64.mul", in: "ll", out: "l"},
	I64DivS:           {name: "i64.div_s", in: "ll", out: "l"},
	I64DivU:           {name: "i64.div_u", in: "ll", out: "l"},
	I64RemS:           {name: "i64.rem_s", in: "ll", out: "l"},
	I64RemU:           {name: "i64.rem_u", in: "ll", out: "l"},
	I64And:            {name: "i64.and", in: "ll", out: "l"},
	I64Or:             {name: "i64.or", in: "ll", out: "l"},
	I64Xor:            {name: "i64.xor", in: "ll", out: "l"},
	I64Shl:            {name: "i64.shl", in: "ll", out: "l"},
	I64ShrS:           {name: "i64.shr_s", in: "ll", out: "l"},
	I64ShrU:           {name: "i64.shr_u", in: "ll", out: "l"},
	I64Rotl:           {name: "i64.rotl", in: "ll", out: "l"},
	I64Rotr:           {name: "i64.rotr", in: "ll", out: "l"},
	F32Abs:            {name: "f32.abs", in: "f", out: "f"},
	F32Neg:            {name: "f32.neg", in: "f", out: "f"},
	F32Ceil:           {name: "f32.ceil", in: "f", out: "f"},
	F32Floor:          {name: "f32.floor", in: "f", out: "f"},
	F32Trunc:          {name: "f32.trunc", in: "f", out: "f"},
	F32Nearest:        {name: "f32.nearest", in: "f", out: "f"},
	F32Sqrt:           {name: "f32.sqrt", in: "f", out: "f"},
	F32Add:            {name: "f32.add", in: "ff", out: "f"},
	F32Sub:            {name: "f32.sub", in: "ff", out: "f"},
	F32Mul:            {name: "f32.mul", in: "ff", out: "f"},
	F32Div:            {name: "f32.div", in: "ff", out: "f"},
	F32Min:            {name: "f32.min", in: "ff", out: "f"},
	F32Max:            {name: "f32.max", in: "ff", out: "f"},
	F32Copysign:       {name: "f32.copysign", in: "ff", out: "f"},
	F64Abs:            {name: "f64.abs", in: "d", out: "d"},
	F64Neg:            {name: "f64.neg", in: "d", out: "d"},
	F64Ceil:           {name: "f64.ceil", in: "d", out: "d"},
	F64Floor:          {name: "f64.floor", in: "d", out: "d"},
	F64Trunc:          {name: "f64.trunc", in: "d", out: "d"},
	F64Nearest:        {name: "f64.nearest", in: "d", out: "d"},
	F64Sqrt:           {name: "f64.sqrt", in: "d", out: "d"},
	F64Add:            {name: "f64.add", in: "dd", out: "d"},
	F64Sub:            {name: "f64.sub", in: "dd", out: "d"},
	F64Mul:            {name: "f64.mul", in: "dd", out: "d"},
	F64Div:            {name: "f64.div", in: "dd", out: "d"},
	F64Min:            {name: "f64.min", in: "dd", out: "d"},
	F64Max:            {name: "f64.max", in: "dd", out: "d"},
	F64Copysign:       {name: "f64.copysign", in: "dd", out: "d"},
	I32WrapI64:        {name: "i32.wrap_i64", in: "l", out: "i"},
	I32TruncF32S:      {name: "i32.trunc_f32_s", in: "f", out: "i"},
	I32TruncF32U:      {name: "i32.trunc_f32_u", in: "f", out: "i"},
	I32TruncF64S:      {name: "i32.trunc_f64_s", in: "d", out: "i"},
	I32TruncF64U:      {name: "i32.trunc_f64_u", in: "d", out: "i"},
	I64ExtendI32S:     {name: "i64.extend_i32_s", in: "i", out: "l"},
	I64ExtendI32U:     {name: "i64.extend_i32_u", in: "i", out: "l"},
	I64TruncF32S:      {name: "i64.trunc_f32_s", in: "f", out: "l"},
	I64TruncF32U:      {name: "i64.trunc_f32_u", in: "f", out: "l"},
	I64TruncF64S:      {name: "i64.trunc_f64_s", in: "d", out: "l"},
	I64TruncF64U:      {name: "i64.trunc_f64_u", in: "d", out: "l"},
	F32ConvertI32S:    {name: "f32.convert_i32_s", in: "i", out: "f"},
	F32ConvertI32U:    {name: "f32.convert_i32_u", in: "i", out: "f"},
	F32ConvertI64S:    {name: "f32.convert_i64_s", in: "l", out: "f"},
	F32ConvertI64U:    {name: "f32.convert_i64_u", in: "l", out: "f"},
	F32DemoteF64:      {name: "f32.demote_f64", in: "d", out: "f"},
	F64ConvertI32S:    {name: "f64.convert_i32_s", in: "i", out: "d"},
	F64ConvertI32U:    {name: "f64.convert_i32_u", in: "i", out: "d"},
	F64ConvertI64S:    {name: "f64.convert_i64_s", in: "l", out: "d"},
	F64ConvertI64U:    {name: "f64.convert_i64_u", in: "l", out: "d"},
	F64PromoteF32:     {name: "f64.promote_f32", in: "f", out: "d"},
	I32ReinterpretF32: {name: "i32.reinterpret_f32", in: "f", out: "i"},
	I64ReinterpretF64: {name: "i64.reinterpret_f64", in: "d", out: "l"},
	F32ReinterpretI32: {name: "f32.reinterpret_i32", in: "i", out: "f"},
	F64ReinterpretI64: {name: "f64.reinterpret_i64", in: "l", out: "d"},
	I32Extend8S:       {name: "i32.extend8_s", in: "i", out: "i"},
	I32Extend16S:      {name: "i32.extend16_s", in: "i", out: "i"},
	I64Extend8S:       {name: "i64.extend8_s", in: "l", out: "l"},
	I64Extend16S:      {name: "i64.extend16_s", in: "l", out: "l"},
	I64Extend32S:      {name: "i64.extend32_s", in: "l", out: "l"},
}

var saturatingInstructions = [256]instruction{
	I32TruncSatF32S & 0xFF: {name: "i32.trunc_sat_f32_s", in: "f", out: "i"},
	I32TruncSatF32U & 0xFF: {name: "i32.trunc_sat_f32_u", in: "f", out: "i"},
	I32TruncSatF64S & 0xFF: {name: "i32.trunc_sat_f64_s", in: "d", out: "i"},
	I32TruncSatF64U & 0xFF: {name: "i32.trunc_sat_f64_u", in: "d", out: "i"},
	I64TruncSatF32S & 0xFF: {name: "i64.trunc_sat_f32_s", in: "f", out: "l"},
	I64TruncSatF32U & 0xFF: {name: "i64.trunc_sat_f32_u", in: "f", out: "l"},
	I64TruncSatF64S & 0xFF: {name: "i64.trunc_sat_f64_s", in: "d", out: "l"},
	I64TruncSatF64U & 0xFF: {name: "i64.trunc_sat_f64_u", in: "d", out: "l"},
}
