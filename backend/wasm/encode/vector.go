package encode

// The opcodes of vectors: memory, bits and floating point.
const (
	V128Load              Opcode = simd
	V128Load8x8S          Opcode = simd | 0x01
	V128Load8x8U          Opcode = simd | 0x02
	V128Load16x4S         Opcode = simd | 0x03
	V128Load16x4U         Opcode = simd | 0x04
	V128Load32x2S         Opcode = simd | 0x05
	V128Load32x2U         Opcode = simd | 0x06
	V128Load8Splat        Opcode = simd | 0x07
	V128Load16Splat       Opcode = simd | 0x08
	V128Load32Splat       Opcode = simd | 0x09
	V128Load64Splat       Opcode = simd | 0x0A
	V128Store             Opcode = simd | 0x0B
	V128Const             Opcode = simd | 0x0C
	F32x4Splat            Opcode = simd | 0x13
	F64x2Splat            Opcode = simd | 0x14
	F32x4ExtractLane      Opcode = simd | 0x1F
	F32x4ReplaceLane      Opcode = simd | 0x20
	F64x2ExtractLane      Opcode = simd | 0x21
	F64x2ReplaceLane      Opcode = simd | 0x22
	F32x4Eq               Opcode = simd | 0x41
	F32x4Ne               Opcode = simd | 0x42
	F32x4Lt               Opcode = simd | 0x43
	F32x4Gt               Opcode = simd | 0x44
	F32x4Le               Opcode = simd | 0x45
	F32x4Ge               Opcode = simd | 0x46
	F64x2Eq               Opcode = simd | 0x47
	F64x2Ne               Opcode = simd | 0x48
	F64x2Lt               Opcode = simd | 0x49
	F64x2Gt               Opcode = simd | 0x4A
	F64x2Le               Opcode = simd | 0x4B
	F64x2Ge               Opcode = simd | 0x4C
	V128Not               Opcode = simd | 0x4D
	V128And               Opcode = simd | 0x4E
	V128Andnot            Opcode = simd | 0x4F
	V128Or                Opcode = simd | 0x50
	V128Xor               Opcode = simd | 0x51
	V128Bitselect         Opcode = simd | 0x52
	V128AnyTrue           Opcode = simd | 0x53
	V128Load8Lane         Opcode = simd | 0x54
	V128Load16Lane        Opcode = simd | 0x55
	V128Load32Lane        Opcode = simd | 0x56
	V128Load64Lane        Opcode = simd | 0x57
	V128Store8Lane        Opcode = simd | 0x58
	V128Store16Lane       Opcode = simd | 0x59
	V128Store32Lane       Opcode = simd | 0x5A
	V128Store64Lane       Opcode = simd | 0x5B
	V128Load32Zero        Opcode = simd | 0x5C
	V128Load64Zero        Opcode = simd | 0x5D
	F32x4DemoteF64x2Zero  Opcode = simd | 0x5E
	F64x2PromoteLowF32x4  Opcode = simd | 0x5F
	F32x4Ceil             Opcode = simd | 0x67
	F32x4Floor            Opcode = simd | 0x68
	F32x4Trunc            Opcode = simd | 0x69
	F32x4Nearest          Opcode = simd | 0x6A
	F64x2Ceil             Opcode = simd | 0x74
	F64x2Floor            Opcode = simd | 0x75
	F64x2Trunc            Opcode = simd | 0x7A
	F64x2Nearest          Opcode = simd | 0x94
	F32x4Abs              Opcode = simd | 0xE0
	F32x4Neg              Opcode = simd | 0xE1
	F32x4Sqrt             Opcode = simd | 0xE3
	F32x4Add              Opcode = simd | 0xE4
	F32x4Sub              Opcode = simd | 0xE5
	F32x4Mul              Opcode = simd | 0xE6
	F32x4Div              Opcode = simd | 0xE7
	F32x4Min              Opcode = simd | 0xE8
	F32x4Max              Opcode = simd | 0xE9
	F32x4Pmin             Opcode = simd | 0xEA
	F32x4Pmax             Opcode = simd | 0xEB
	F64x2Abs              Opcode = simd | 0xEC
	F64x2Neg              Opcode = simd | 0xED
	F64x2Sqrt             Opcode = simd | 0xEF
	F64x2Add              Opcode = simd | 0xF0
	F64x2Sub              Opcode = simd | 0xF1
	F64x2Mul              Opcode = simd | 0xF2
	F64x2Div              Opcode = simd | 0xF3
	F64x2Min              Opcode = simd | 0xF4
	F64x2Max              Opcode = simd | 0xF5
	F64x2Pmin             Opcode = simd | 0xF6
	F64x2Pmax             Opcode = simd | 0xF7
	F32x4ConvertI32x4S    Opcode = simd | 0xFA
	F32x4ConvertI32x4U    Opcode = simd | 0xFB
	F64x2ConvertLowI32x4S Opcode = simd | 0xFE
	F64x2ConvertLowI32x4U Opcode = simd | 0xFF
)

var vectorInstructions = [256]instruction{
	V128Load & 0xFF:              {name: "v128.load", in: "i", out: "v", immediate: memoryImmediate, width: 4},
	V128Load8x8S & 0xFF:          {name: "v128.load8x8_s", in: "i", out: "v", immediate: memoryImmediate, width: 3},
	V128Load8x8U & 0xFF:          {name: "v128.load8x8_u", in: "i", out: "v", immediate: memoryImmediate, width: 3},
	V128Load16x4S & 0xFF:         {name: "v128.load16x4_s", in: "i", out: "v", immediate: memoryImmediate, width: 3},
	V128Load16x4U & 0xFF:         {name: "v128.load16x4_u", in: "i", out: "v", immediate: memoryImmediate, width: 3},
	V128Load32x2S & 0xFF:         {name: "v128.load32x2_s", in: "i", out: "v", immediate: memoryImmediate, width: 3},
	V128Load32x2U & 0xFF:         {name: "v128.load32x2_u", in: "i", out: "v", immediate: memoryImmediate, width: 3},
	V128Load8Splat & 0xFF:        {name: "v128.load8_splat", in: "i", out: "v", immediate: memoryImmediate, width: 0},
	V128Load16Splat & 0xFF:       {name: "v128.load16_splat", in: "i", out: "v", immediate: memoryImmediate, width: 1},
	V128Load32Splat & 0xFF:       {name: "v128.load32_splat", in: "i", out: "v", immediate: memoryImmediate, width: 2},
	V128Load64Splat & 0xFF:       {name: "v128.load64_splat", in: "i", out: "v", immediate: memoryImmediate, width: 3},
	V128Store & 0xFF:             {name: "v128.store", in: "iv", immediate: memoryImmediate, width: 4},
	V128Const & 0xFF:             {name: "v128.const", out: "v", immediate: constImmediate},
	F32x4Splat & 0xFF:            {name: "f32x4.splat", in: "f", out: "v"},
	F64x2Splat & 0xFF:            {name: "f64x2.splat", in: "d", out: "v"},
	F32x4ExtractLane & 0xFF:      {name: "f32x4.extract_lane", in: "v", out: "f", immediate: laneImmediate, lanes: 4},
	F32x4ReplaceLane & 0xFF:      {name: "f32x4.replace_lane", in: "vf", out: "v", immediate: laneImmediate, lanes: 4},
	F64x2ExtractLane & 0xFF:      {name: "f64x2.extract_lane", in: "v", out: "d", immediate: laneImmediate, lanes: 2},
	F64x2ReplaceLane & 0xFF:      {name: "f64x2.replace_lane", in: "vd", out: "v", immediate: laneImmediate, lanes: 2},
	F32x4Eq & 0xFF:               {name: "f32x4.eq", in: "vv", out: "v"},
	F32x4Ne & 0xFF:               {name: "f32x4.ne", in: "vv", out: "v"},
	F32x4Lt & 0xFF:               {name: "f32x4.lt", in: "vv", out: "v"},
	F32x4Gt & 0xFF:               {name: "f32x4.gt", in: "vv", out: "v"},
	F32x4Le & 0xFF:               {name: "f32x4.le", in: "vv", out: "v"},
	F32x4Ge & 0xFF:               {name: "f32x4.ge", in: "vv", out: "v"},
	F64x2Eq & 0xFF:               {name: "f64x2.eq", in: "vv", out: "v"},
	F64x2Ne & 0xFF:               {name: "f64x2.ne", in: "vv", out: "v"},
	F64x2Lt & 0xFF:               {name: "f64x2.lt", in: "vv", out: "v"},
	F64x2Gt & 0xFF:               {name: "f64x2.gt", in: "vv", out: "v"},
	F64x2Le & 0xFF:               {name: "f64x2.le", in: "vv", out: "v"},
	F64x2Ge & 0xFF:               {name: "f64x2.ge", in: "vv", out: "v"},
	V128Not & 0xFF:               {name: "v128.not", in: "v", out: "v"},
	V128And & 0xFF:               {name: "v128.and", in: "vv", out: "v"},
	V128Andnot & 0xFF:            {name: "v128.andnot", in: "vv", out: "v"},
	V128Or & 0xFF:                {name: "v128.or", in: "vv", out: "v"},
	V128Xor & 0xFF:               {name: "v128.xor", in: "vv", out: "v"},
	V128Bitselect & 0xFF:         {name: "v128.bitselect", in: "vvv", out: "v"},
	V128AnyTrue & 0xFF:           {name: "v128.any_true", in: "v", out: "i"},
	V128Load8Lane & 0xFF:         {name: "v128.load8_lane", in: "iv", out: "v", immediate: memoryLaneImmediate, width: 0, lanes: 16},
	V128Load16Lane & 0xFF:        {name: "v128.load16_lane", in: "iv", out: "v", immediate: memoryLaneImmediate, width: 1, lanes: 8},
	V128Load32Lane & 0xFF:        {name: "v128.load32_lane", in: "iv", out: "v", immediate: memoryLaneImmediate, width: 2, lanes: 4},
	V128Load64Lane & 0xFF:        {name: "v128.load64_lane", in: "iv", out: "v", immediate: memoryLaneImmediate, width: 3, lanes: 2},
	V128Store8Lane & 0xFF:        {name: "v128.store8_lane", in: "iv", immediate: memoryLaneImmediate, width: 0, lanes: 16},
	V128Store16Lane & 0xFF:       {name: "v128.store16_lane", in: "iv", immediate: memoryLaneImmediate, width: 1, lanes: 8},
	V128Store32Lane & 0xFF:       {name: "v128.store32_lane", in: "iv", immediate: memoryLaneImmediate, width: 2, lanes: 4},
	V128Store64Lane & 0xFF:       {name: "v128.store64_lane", in: "iv", immediate: memoryLaneImmediate, width: 3, lanes: 2},
	V128Load32Zero & 0xFF:        {name: "v128.load32_zero", in: "i", out: "v", immediate: memoryImmediate, width: 2},
	V128Load64Zero & 0xFF:        {name: "v128.load64_zero", in: "i", out: "v", immediate: memoryImmediate, width: 3},
	F32x4DemoteF64x2Zero & 0xFF:  {name: "f32x4.demote_f64x2_zero", in: "v", out: "v"},
	F64x2PromoteLowF32x4 & 0xFF:  {name: "f64x2.promote_low_f32x4", in: "v", out: "v"},
	F32x4Ceil & 0xFF:             {name: "f32x4.ceil", in: "v", out: "v"},
	F32x4Floor & 0xFF:            {name: "f32x4.floor", in: "v", out: "v"},
	F32x4Trunc & 0xFF:            {name: "f32x4.trunc", in: "v", out: "v"},
	F32x4Nearest & 0xFF:          {name: "f32x4.nearest", in: "v", out: "v"},
	F64x2Ceil & 0xFF:             {name: "f64x2.ceil", in: "v", out: "v"},
	F64x2Floor & 0xFF:            {name: "f64x2.floor", in: "v", out: "v"},
	F64x2Trunc & 0xFF:            {name: "f64x2.trunc", in: "v", out: "v"},
	F64x2Nearest & 0xFF:          {name: "f64x2.nearest", in: "v", out: "v"},
	F32x4Abs & 0xFF:              {name: "f32x4.abs", in: "v", out: "v"},
	F32x4Neg & 0xFF:              {name: "f32x4.neg", in: "v", out: "v"},
	F32x4Sqrt & 0xFF:             {name: "f32x4.sqrt", in: "v", out: "v"},
	F32x4Add & 0xFF:              {name: "f32x4.add", in: "vv", out: "v"},
	F32x4Sub & 0xFF:              {name: "f32x4.sub", in: "vv", out: "v"},
	F32x4Mul & 0xFF:              {name: "f32x4.mul", in: "vv", out: "v"},
	F32x4Div & 0xFF:              {name: "f32x4.div", in: "vv", out: "v"},
	F32x4Min & 0xFF:              {name: "f32x4.min", in: "vv", out: "v"},
	F32x4Max & 0xFF:              {name: "f32x4.max", in: "vv", out: "v"},
	F32x4Pmin & 0xFF:             {name: "f32x4.pmin", in: "vv", out: "v"},
	F32x4Pmax & 0xFF:             {name: "f32x4.pmax", in: "vv", out: "v"},
	F64x2Abs & 0xFF:              {name: "f64x2.abs", in: "v", out: "v"},
	F64x2Neg & 0xFF:              {name: "f64x2.neg", in: "v", out: "v"},
	F64x2Sqrt & 0xFF:             {name: "f64x2.sqrt", in: "v", out: "v"},
	F64x2Add & 0xFF:              {name: "f64x2.add", in: "vv", out: "v"},
	F64x2Sub & 0xFF:              {name: "f64x2.sub", in: "vv", out: "v"},
	F64x2Mul & 0xFF:              {name: "f64x2.mul", in: "vv", out: "v"},
	F64x2Div & 0xFF:              {name: "f64x2.div", in: "vv", out: "v"},
	F64x2Min & 0xFF:              {name: "f64x2.min", in: "vv", out: "v"},
	F64x2Max & 0xFF:              {name: "f64x2.max", in: "vv", out: "v"},
	F64x2Pmin & 0xFF:             {name: "f64x2.pmin", in: "vv", out: "v"},
	F64x2Pmax & 0xFF:             {name: "f64x2.pmax", in: "vv", out: "v"},
	F32x4ConvertI32x4S & 0xFF:    {name: "f32x4.convert_i32x4_s", in: "v", out: "v"},
	F32x4ConvertI32x4U & 0xFF:    {name: "f32x4.convert_i32x4_u", in: "v", out: "v"},
	F64x2ConvertLowI32x4S & 0xFF: {name: "f64x2.convert_low_i32x4_s", in: "v", out: "v"},
	F64x2ConvertLowI32x4U & 0xFF: {name: "f64x2.convert_low_i32x4_u", in: "v", out: "v"},
}
