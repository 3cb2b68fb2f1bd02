package encode

// The opcodes of vectors of integers.
const (
	I8x16Shuffle              Opcode = simd | 0x0D
	I8x16Swizzle              Opcode = simd | 0x0E
	I8x16Splat                Opcode = simd | 0x0F
	I16x8Splat                Opcode = simd | 0x10
	I32x4Splat                Opcode = simd | 0x11
	I64x2Splat                Opcode = simd | 0x12
	I8x16ExtractLaneS         Opcode = simd | 0x15
	I8x16ExtractLaneU         Opcode = simd | 0x16
	I8x16ReplaceLane          Opcode = simd | 0x17
	I16x8ExtractLaneS         Opcode = simd | 0x18
	I16x8ExtractLaneU         Opcode = simd | 0x19
	I16x8ReplaceLane          Opcode = simd | 0x1A
	I32x4ExtractLane          Opcode = simd | 0x1B
	I32x4ReplaceLane          Opcode = simd | 0x1C
	I64x2ExtractLane          Opcode = simd | 0x1D
	I64x2ReplaceLane          Opcode = simd | 0x1E
	I8x16Eq                   Opcode = simd | 0x23
	I8x16Ne                   Opcode = simd | 0x24
	I8x16LtS                  Opcode = simd | 0x25
	I8x16LtU                  Opcode = simd | 0x26
	I8x16GtS                  Opcode = simd | 0x27
	I8x16GtU                  Opcode = simd | 0x28
	I8x16LeS                  Opcode = simd | 0x29
	I8x16LeU                  Opcode = simd | 0x2A
	I8x16GeS                  Opcode = simd | 0x2B
	I8x16GeU                  Opcode = simd | 0x2C
	I16x8Eq                   Opcode = simd | 0x2D
	I16x8Ne                   Opcode = simd | 0x2E
	I16x8LtS                  Opcode = simd | 0x2F
	I16x8LtU                  Opcode = simd | 0x30
	I16x8GtS                  Opcode = simd | 0x31
	I16x8GtU                  Opcode = simd | 0x32
	I16x8LeS                  Opcode = simd | 0x33
	I16x8LeU                  Opcode = simd | 0x34
	I16x8GeS                  Opcode = simd | 0x35
	I16x8GeU                  Opcode = simd | 0x36
	I32x4Eq                   Opcode = simd | 0x37
	I32x4Ne                   Opcode = simd | 0x38
	I32x4LtS                  Opcode = simd | 0x39
	I32x4LtU                  Opcode = simd | 0x3A
	I32x4GtS                  Opcode = simd | 0x3B
	I32x4GtU                  Opcode = simd | 0x3C
	I32x4LeS                  Opcode = simd | 0x3D
	I32x4LeU                  Opcode = simd | 0x3E
	I32x4GeS                  Opcode = simd | 0x3F
	I32x4GeU                  Opcode = simd | 0x40
	I8x16Abs                  Opcode = simd | 0x60
	I8x16Neg                  Opcode = simd | 0x61
	I8x16Popcnt               Opcode = simd | 0x62
	I8x16AllTrue              Opcode = simd | 0x63
	I8x16Bitmask              Opcode = simd | 0x64
	I8x16NarrowI16x8S         Opcode = simd | 0x65
	I8x16NarrowI16x8U         Opcode = simd | 0x66
	I8x16Shl                  Opcode = simd | 0x6B
	I8x16ShrS                 Opcode = simd | 0x6C
	I8x16ShrU                 Opcode = simd | 0x6D
	I8x16Add                  Opcode = simd | 0x6E
	I8x16AddSatS              Opcode = simd | 0x6F
	I8x16AddSatU              Opcode = simd | 0x70
	I8x16Sub                  Opcode = simd | 0x71
	I8x16SubSatS              Opcode = simd | 0x72
	I8x16SubSatU              Opcode = simd | 0x73
	I8x16MinS                 Opcode = simd | 0x76
	I8x16MinU                 Opcode = simd | 0x77
	I8x16MaxS                 Opcode = simd | 0x78
	I8x16MaxU                 Opcode = simd | 0x79
	I8x16AvgrU                Opcode = simd | 0x7B
	I16x8ExtaddPairwiseI8x16S Opcode = simd | 0x7C
	I16x8ExtaddPairwiseI8x16U Opcode = simd | 0x7D
	I32x4ExtaddPairwiseI16x8S Opcode = simd | 0x7E
	I32x4ExtaddPairwiseI16x8U Opcode = simd | 0x7F
	I16x8Abs                  Opcode = simd | 0x80
	I16x8Neg                  Opcode = simd | 0x81
	I16x8Q15mulrSatS          Opcode = simd | 0x82
	I16x8AllTrue              Opcode = simd | 0x83
	I16x8Bitmask              Opcode = simd | 0x84
	I16x8NarrowI32x4S         Opcode = simd | 0x85
	I16x8NarrowI32x4U         Opcode = simd | 0x86
	I16x8ExtendLowI8x16S      Opcode = simd | 0x87
	I16x8ExtendHighI8x16S     Opcode = simd | 0x88
	I16x8ExtendLowI8x16U      Opcode = simd | 0x89
	I16x8ExtendHighI8x16U     Opcode = simd | 0x8A
	I16x8Shl                  Opcode = simd | 0x8B
	I16x8ShrS                 Opcode = simd | 0x8C
	I16x8ShrU                 Opcode = simd | 0x8D
	I16x8Add                  Opcode = simd | 0x8E
	I16x8AddSatS              Opcode = simd | 0x8F
	I16x8AddSatU              Opcode = simd | 0x90
	I16x8Sub                  Opcode = simd | 0x91
	I16x8SubSatS              Opcode = simd | 0x92
	I16x8SubSatU              Opcode = simd | 0x93
	I16x8Mul                  Opcode = simd | 0x95
	I16x8MinS                 Opcode = simd | 0x96
	I16x8MinU                 Opcode = simd | 0x97
	I16x8MaxS                 Opcode = simd | 0x98
	I16x8MaxU                 Opcode = simd | 0x99
	I16x8AvgrU                Opcode = simd | 0x9B
	I16x8ExtmulLowI8x16S      Opcode = simd | 0x9C
	I16x8ExtmulHighI8x16S     Opcode = simd | 0x9D
	I16x8ExtmulLowI8x16U      Opcode = simd | 0x9E
	I16x8ExtmulHighI8x16U     Opcode = simd | 0x9F
	I32x4Abs                  Opcode = simd | 0xA0
	I32x4Neg                  Opcode = simd | 0xA1
	I32x4AllTrue              Opcode = simd | 0xA3
	I32x4Bitmask              Opcode = simd | 0xA4
	I32x4ExtendLowI16x8S      Opcode = simd | 0xA7
	I32x4ExtendHighI16x8S     Opcode = simd | 0xA8
	I32x4ExtendLowI16x8U      Opcode = simd | 0xA9
	I32x4ExtendHighI16x8U     Opcode = simd | 0xAA
	I32x4Shl                  Opcode = simd | 0xAB
	I32x4ShrS                 Opcode = simd | 0xAC
	I32x4ShrU                 Opcode = simd | 0xAD
	I32x4Add                  Opcode = simd | 0xAE
	I32x4Sub                  Opcode = simd | 0xB1
	I32x4Mul                  Opcode = simd | 0xB5
	I32x4MinS                 Opcode = simd | 0xB6
	I32x4MinU                 Opcode = simd | 0xB7
	I32x4MaxS                 Opcode = simd | 0xB8
	I32x4MaxU                 Opcode = simd | 0xB9
	I32x4DotI16x8S            Opcode = simd | 0xBA
	I32x4ExtmulLowI16x8S      Opcode = simd | 0xBC
	I32x4ExtmulHighI16x8S     Opcode = simd | 0xBD
	I32x4ExtmulLowI16x8U      Opcode = simd | 0xBE
	I32x4ExtmulHighI16x8U     Opcode = simd | 0xBF
	I64x2Abs                  Opcode = simd | 0xC0
	I64x2Neg                  Opcode = simd | 0xC1
	I64x2AllTrue              Opcode = simd | 0xC3
	I64x2Bitmask              Opcode = simd | 0xC4
	I64x2ExtendLowI32x4S      Opcode = simd | 0xC7
	I64x2ExtendHighI32x4S     Opcode = simd | 0xC8
	I64x2ExtendLowI32x4U      Opcode = simd | 0xC9
	I64x2ExtendHighI32x4U     Opcode = simd | 0xCA
	I64x2Shl                  Opcode = simd | 0xCB
	I64x2ShrS                 Opcode = simd | 0xCC
	I64x2ShrU                 Opcode = simd | 0xCD
	I64x2Add                  Opcode = simd | 0xCE
	I64x2Sub                  Opcode = simd | 0xD1
	I64x2Mul                  Opcode = simd | 0xD5
	I64x2Eq                   Opcode = simd | 0xD6
	I64x2Ne                   Opcode = simd | 0xD7
	I64x2LtS                  Opcode = simd | 0xD8
	I64x2GtS                  Opcode = simd | 0xD9
	I64x2LeS                  Opcode = simd | 0xDA
	I64x2GeS                  Opcode = simd | 0xDB
	I64x2ExtmulLowI32x4S      Opcode = simd | 0xDC
	I64x2ExtmulHighI32x4S     Opcode = simd | 0xDD
	I64x2ExtmulLowI32x4U      Opcode = simd | 0xDE
	I64x2ExtmulHighI32x4U     Opcode = simd | 0xDF
	I32x4TruncSatF32x4S       Opcode = simd | 0xF8
	I32x4TruncSatF32x4U       Opcode = simd | 0xF9
	I32x4TruncSatF64x2SZero   Opcode = simd | 0xFC
	I32x4TruncSatF64x2UZero   Opcode = simd | 0xFD
)

var vectorIntegerInstructions = [256]instruction{
	I8x16Shuffle & 0xFF:              {name: "i8x16.shuffle", in: "vv", out: "v", immediate: shuffleImmediate},
	I8x16Swizzle & 0xFF:              {name: "i8x16.swizzle", in: "vv", out: "v"},
	I8x16Splat & 0xFF:                {name: "i8x16.splat", in: "i", out: "v"},
	I16x8Splat & 0xFF:                {name: "i16x8.splat", in: "i", out: "v"},
	I32x4Splat & 0xFF:                {name: "i32x4.splat", in: "i", out: "v"},
	I64x2Splat & 0xFF:                {name: "i64x2.splat", in: "l", out: "v"},
	I8x16ExtractLaneS & 0xFF:         {name: "i8x16.extract_lane_s", in: "v", out: "i", immediate: laneImmediate, lanes: 16},
	I8x16ExtractLaneU & 0xFF:         {name: "i8x16.extract_lane_u", in: "v", out: "i", immediate: laneImmediate, lanes: 16},
	I8x16ReplaceLane & 0xFF:          {name: "i8x16.replace_lane", in: "vi", out: "v", immediate: laneImmediate, lanes: 16},
	I16x8ExtractLaneS & 0xFF:         {name: "i16x8.extract_lane_s", in: "v", out: "i", immediate: laneImmediate, lanes: 8},
	I16x8ExtractLaneU & 0xFF:         {name: "i16x8.extract_lane_u", in: "v", out: "i", immediate: laneImmediate, lanes: 8},
	I16x8ReplaceLane & 0xFF:          {name: "i16x8.replace_lane", in: "vi", out: "v", immediate: laneImmediate, lanes: 8},
	I32x4ExtractLane & 0xFF:          {name: "i32x4.extract_lane", in: "v", out: "i", immediate: laneImmediate, lanes: 4},
	I32x4ReplaceLane & 0xFF:          {name: "i32x4.replace_lane", in: "vi", out: "v", immediate: laneImmediate, lanes: 4},
	I64x2ExtractLane & 0xFF:          {name: "i64x2.extract_lane", in: "v", out: "l", immediate: laneImmediate, lanes: 2},
	I64x2ReplaceLane & 0xFF:          {name: "i64x2.replace_lane", in: "vl", out: "v", immediate: laneImmediate, lanes: 2},
	I8x16Eq & 0xFF:                   {name: "i8x16.eq", in: "vv", out: "v"},
	I8x16Ne & 0xFF:                   {name: "i8x16.ne", in: "vv", out: "v"},
	I8x16LtS & 0xFF:                  {name: "i8x16.lt_s", in: "vv", out: "v"},
	I8x16LtU & 0xFF:                  {name: "i8x16.lt_u", in: "vv", out: "v"},
	I8x16GtS & 0xFF:                  {name: "i8x16.gt_s", in: "vv", out: "v"},
	I8x16GtU & 0xFF:                  {name: "i8x16.gt_u", in: "vv", out: "v"},
	I8x16LeS & 0xFF:                  {name: "i8x16.le_s", in: "vv", out: "v"},
	I8x16LeU & 0xFF:                  {name: "i8x16.le_u", in: "vv", out: "v"},
	I8x16GeS & 0xFF:                  {name: "i8x16.ge_s", in: "vv", out: "v"},
	I8x16GeU & 0xFF:                  {name: "i8x16.ge_u", in: "vv", out: "v"},
	I16x8Eq & 0xFF:                   {name: "i16x8.eq", in: "vv", out: "v"},
	I16x8Ne & 0xFF:                   {name: "i16x8.ne", in: "vv", out: "v"},
	I16x8LtS & 0xFF:                  {name: "i16x8.lt_s", in: "vv", out: "v"},
	I16x8LtU & 0xFF:                  {name: "i16x8.lt_u", in: "vv", out: "v"},
	I16x8GtS & 0xFF:                  {name: "i16x8.gt_s", in: "vv", out: "v"},
	I16x8GtU & 0xFF:                  {name: "i16x8.gt_u", in: "vv", out: "v"},
	I16x8LeS & 0xFF:                  {name: "i16x8.le_s", in: "vv", out: "v"},
	I16x8LeU & 0xFF:                  {name: "i16x8.le_u", in: "vv", out: "v"},
	I16x8GeS & 0xFF:                  {name: "i16x8.ge_s", in: "vv", out: "v"},
	I16x8GeU & 0xFF:                  {name: "i16x8.ge_u", in: "vv", out: "v"},
	I32x4Eq & 0xFF:                   {name: "i32x4.eq", in: "vv", out: "v"},
	I32x4Ne & 0xFF:                   {name: "i32x4.ne", in: "vv", out: "v"},
	I32x4LtS & 0xFF:                  {name: "i32x4.lt_s", in: "vv", out: "v"},
	I32x4LtU & 0xFF:                  {name: "i32x4.lt_u", in: "vv", out: "v"},
	I32x4GtS & 0xFF:                  {name: "i32x4.gt_s", in: "vv", out: "v"},
	I32x4GtU & 0xFF:                  {name: "i32x4.gt_u", in: "vv", out: "v"},
	I32x4LeS & 0xFF:                  {name: "i32x4.le_s", in: "vv", out: "v"},
	I32x4LeU & 0xFF:                  {name: "i32x4.le_u", in: "vv", out: "v"},
	I32x4GeS & 0xFF:                  {name: "i32x4.ge_s", in: "vv", out: "v"},
	I32x4GeU & 0xFF:                  {name: "i32x4.ge_u", in: "vv", out: "v"},
	I8x16Abs & 0xFF:                  {name: "i8x16.abs", in: "v", out: "v"},
	I8x16Neg & 0xFF:                  {name: "i8x16.neg", in: "v", out: "v"},
	I8x16Popcnt & 0xFF:               {name: "i8x16.popcnt", in: "v", out: "v"},
	I8x16AllTrue & 0xFF:              {name: "i8x16.all_true", in: "v", out: "i"},
	I8x16Bitmask & 0xFF:              {name: "i8x16.bitmask", in: "v", out: "i"},
	I8x16NarrowI16x8S & 0xFF:         {name: "i8x16.narrow_i16x8_s", in: "vv", out: "v"},
	I8x16NarrowI16x8U & 0xFF:         {name: "i8x16.narrow_i16x8_u", in: "vv", out: "v"},
	I8x16Shl & 0xFF:                  {name: "i8x16.shl", in: "vi", out: "v"},
	I8x16ShrS & 0xFF:                 {name: "i8x16.shr_s", in: "vi", out: "v"},
	I8x16ShrU & 0xFF:                 {name: "i8x16.shr_u", in: "vi", out: "v"},
	I8x16Add & 0xFF:                  {name: "i8x16.add", in: "vv", out: "v"},
	I8x16AddSatS & 0xFF:              {name: "i8x16.add_sat_s", in: "vv", out: "v"},
	I8x16AddSatU & 0xFF:              {name: "i8x16.add_sat_u", in: "vv", out: "v"},
	I8x16Sub & 0xFF:                  {name: "i8x16.sub", in: "vv", out: "v"},
	I8x16SubSatS & 0xFF:              {name: "i8x16.sub_sat_s", in: "vv", out: "v"},
	I8x16SubSatU & 0xFF:              {name: "i8x16.sub_sat_u", in: "vv", out: "v"},
	I8x16MinS & 0xFF:                 {name: "i8x16.min_s", in: "vv", out: "v"},
	I8x16MinU & 0xFF:                 {name: "i8x16.min_u", in: "vv", out: "v"},
	I8x16MaxS & 0xFF:                 {name: "i8x16.max_s", in: "vv", out: "v"},
	I8x16MaxU & 0xFF:                 {name: "i8x16.max_u", in: "vv", out: "v"},
	I8x16AvgrU & 0xFF:                {name: "i8x16.avgr_u", in: "vv", out: "v"},
	I16x8ExtaddPairwiseI8x16S & 0xFF: {name: "i16x8.extadd_pairwise_i8x16_s", in: "v", out: "v"},
	I16x8ExtaddPairwiseI8x16U & 0xFF: {name: "i16x8.extadd_pairwise_i8x16_u", in: "v", out: "v"},
	I32x4ExtaddPairwiseI16x8S & 0xFF: {name: "i32x4.extadd_pairwise_i16x8_s", in: "v", out: "v"},
	I32x4ExtaddPairwiseI16x8U & 0xFF: {name: "i32x4.extadd_pairwise_i16x8_u", in: "v", out: "v"},
	I16x8Abs & 0xFF:                  {name: "i16x8.abs", in: "v", out: "v"},
	I16x8Neg & 0xFF:                  {name: "i16x8.neg", in: "v", out: "v"},
	I16x8Q15mulrSatS & 0xFF:          {name: "i16x8.q15mulr_sat_s", in: "vv", out: "v"},
	I16x8AllTrue & 0xFF:              {name: "i16x8.all_true", in: "v", out: "i"},
	I16x8Bitmask & 0xFF:              {name: "i16x8.bitmask", in: "v", out: "i"},
	I16x8NarrowI32x4S & 0xFF:         {name: "i16x8.narrow_i32x4_s", in: "vv", out: "v"},
	I16x8NarrowI32x4U & 0xFF:         {name: "i16x8.narrow_i32x4_u", in: "vv", out: "v"},
	I16x8ExtendLowI8x16S & 0xFF:      {name: "i16x8.extend_low_i8x16_s", in: "v", out: "v"},
	I16x8ExtendHighI8x16S & 0xFF:     {name: "i16x8.extend_high_i8x16_s", in: "v", out: "v"},
	I16x8ExtendLowI8x16U & 0xFF:      {name: "i16x8.extend_low_i8x16_u", in: "v", out: "v"},
	I16x8ExtendHighI8x16U & 0xFF:     {name: "i16x8.extend_high_i8x16_u", in: "v", out: "v"},
	I16x8Shl & 0xFF:                  {name: "i16x8.shl", in: "vi", out: "v"},
	I16x8ShrS & 0xFF:                 {name: "i16x8.shr_s", in: "vi", out: "v"},
	I16x8ShrU & 0xFF:                 {name: "i16x8.shr_u", in: "vi", out: "v"},
	I16x8Add & 0xFF:                  {name: "i16x8.add", in: "vv", out: "v"},
	I16x8AddSatS & 0xFF:              {name: "i16x8.add_sat_s", in: "vv", out: "v"},
	I16x8AddSatU & 0xFF:              {name: "i16x8.add_sat_u", in: "vv", out: "v"},
	I16x8Sub & 0xFF:                  {name: "i16x8.sub", in: "vv", out: "v"},
	I16x8SubSatS & 0xFF:              {name: "i16x8.sub_sat_s", in: "vv", out: "v"},
	I16x8SubSatU & 0xFF:              {name: "i16x8.sub_sat_u", in: "vv", out: "v"},
	I16x8Mul & 0xFF:                  {name: "i16x8.mul", in: "vv", out: "v"},
	I16x8MinS & 0xFF:                 {name: "i16x8.min_s", in: "vv", out: "v"},
	I16x8MinU & 0xFF:                 {name: "i16x8.min_u", in: "vv", out: "v"},
	I16x8MaxS & 0xFF:                 {name: "i16x8.max_s", in: "vv", out: "v"},
	I16x8MaxU & 0xFF:                 {name: "i16x8.max_u", in: "vv", out: "v"},
	I16x8AvgrU & 0xFF:                {name: "i16x8.avgr_u", in: "vv", out: "v"},
	I16x8ExtmulLowI8x16S & 0xFF:      {name: "i16x8.extmul_low_i8x16_s", in: "vv", out: "v"},
	I16x8ExtmulHighI8x16S & 0xFF:     {name: "i16x8.extmul_high_i8x16_s", in: "vv", out: "v"},
	I16x8ExtmulLowI8x16U & 0xFF:      {name: "i16x8.extmul_low_i8x16_u", in: "vv", out: "v"},
	I16x8ExtmulHighI8x16U & 0xFF:     {name: "i16x8.extmul_high_i8x16_u", in: "vv", out: "v"},
	I32x4Abs & 0xFF:                  {name: "i32x4.abs", in: "v", out: "v"},
	I32x4Neg & 0xFF:                  {name: "i32x4.neg", in: "v", out: "v"},
	I32x4AllTrue & 0xFF:              {name: "i32x4.all_true", in: "v", out: "i"},
	I32x4Bitmask & 0xFF:              {name: "i32x4.bitmask", in: "v", out: "i"},
	I32x4ExtendLowI16x8S & 0xFF:      {name: "i32x4.extend_low_i16x8_s", in: "v", out: "v"},
	I32x4ExtendHighI16x8S & 0xFF:     {name: "i32x4.extend_high_i16x8_s", in: "v", out: "v"},
	I32x4ExtendLowI16x8U & 0xFF:      {name: "i32x4.extend_low_i16x8_u", in: "v", out: "v"},
	I32x4ExtendHighI16x8U & 0xFF:     {name: "i32x4.extend_high_i16x8_u", in: "v", out: "v"},
	I32x4Shl & 0xFF:                  {name: "i32x4.shl", in: "vi", out: "v"},
	I32x4ShrS & 0xFF:                 {name: "i32x4.shr_s", in: "vi", out: "v"},
	I32x4ShrU & 0xFF:                 {name: "i32x4.shr_u", in: "vi", out: "v"},
	I32x4Add & 0xFF:                  {name: "i32x4.add", in: "vv", out: "v"},
	I32x4Sub & 0xFF:                  {name: "i32x4.sub", in: "vv", out: "v"},
	I32x4Mul & 0xFF:                  {name: "i32x4.mul", in: "vv", out: "v"},
	I32x4MinS & 0xFF:                 {name: "i32x4.min_s", in: "vv", out: "v"},
	I32x4MinU & 0xFF:                 {name: "i32x4.min_u", in: "vv", out: "v"},
	I32x4MaxS & 0xFF:                 {name: "i32x4.max_s", in: "vv", out: "v"},
	I32x4MaxU & 0xFF:                 {name: "i32x4.max_u", in: "vv", out: "v"},
	I32x4DotI16x8S & 0xFF:            {name: "i32x4.dot_i16x8_s", in: "vv", out: "v"},
	I32x4ExtmulLowI16x8S & 0xFF:      {name: "i32x4.extmul_low_i16x8_s", in: "vv", out: "v"},
	I32x4ExtmulHighI16x8S & 0xFF:     {name: "i32x4.extmul_high_i16x8_s", in: "vv", out: "v"},
	I32x4ExtmulLowI16x8U & 0xFF:      {name: "i32x4.extmul_low_i16x8_u", in: "vv", out: "v"},
	I32x4ExtmulHighI16x8U & 0xFF:     {name: "i32x4.extmul_high_i16x8_u", in: "vv", out: "v"},
	I64x2Abs & 0xFF:                  {name: "i64x2.abs", in: "v", out: "v"},
	I64x2Neg & 0xFF:                  {name: "i64x2.neg", in: "v", out: "v"},
	I64x2AllTrue & 0xFF:              {name: "i64x2.all_true", in: "v", out: "i"},
	I64x2Bitmask & 0xFF:              {name: "i64x2.bitmask", in: "v", out: "i"},
	I64x2ExtendLowI32x4S & 0xFF:      {name: "i64x2.extend_low_i32x4_s", in: "v", out: "v"},
	I64x2ExtendHighI32x4S & 0xFF:     {name: "i64x2.extend_high_i32x4_s", in: "v", out: "v"},
	I64x2ExtendLowI32x4U & 0xFF:      {name: "i64x2.extend_low_i32x4_u", in: "v", out: "v"},
	I64x2ExtendHighI32x4U & 0xFF:     {name: "i64x2.extend_high_i32x4_u", in: "v", out: "v"},
	I64x2Shl & 0xFF:                  {name: "i64x2.shl", in: "vi", out: "v"},
	I64x2ShrS & 0xFF:                 {name: "i64x2.shr_s", in: "vi", out: "v"},
	I64x2ShrU & 0xFF:                 {name: "i64x2.shr_u", in: "vi", out: "v"},
	I64x2Add & 0xFF:                  {name: "i64x2.add", in: "vv", out: "v"},
	I64x2Sub & 0xFF:                  {name: "i64x2.sub", in: "vv", out: "v"},
	I64x2Mul & 0xFF:                  {name: "i64x2.mul", in: "vv", out: "v"},
	I64x2Eq & 0xFF:                   {name: "i64x2.eq", in: "vv", out: "v"},
	I64x2Ne & 0xFF:                   {name: "i64x2.ne", in: "vv", out: "v"},
	I64x2LtS & 0xFF:                  {name: "i64x2.lt_s", in: "vv", out: "v"},
	I64x2GtS & 0xFF:                  {name: "i64x2.gt_s", in: "vv", out: "v"},
	I64x2LeS & 0xFF:                  {name: "i64x2.le_s", in: "vv", out: "v"},
	I64x2GeS & 0xFF:                  {name: "i64x2.ge_s", in: "vv", out: "v"},
	I64x2ExtmulLowI32x4S & 0xFF:      {name: "i64x2.extmul_low_i32x4_s", in: "vv", out: "v"},
	I64x2ExtmulHighI32x4S & 0xFF:     {name: "i64x2.extmul_high_i32x4_s", in: "vv", out: "v"},
	I64x2ExtmulLowI32x4U & 0xFF:      {name: "i64x2.extmul_low_i32x4_u", in: "vv", out: "v"},
	I64x2ExtmulHighI32x4U & 0xFF:     {name: "i64x2.extmul_high_i32x4_u", in: "vv", out: "v"},
	I32x4TruncSatF32x4S & 0xFF:       {name: "i32x4.trunc_sat_f32x4_s", in: "v", out: "v"},
	I32x4TruncSatF32x4U & 0xFF:       {name: "i32x4.trunc_sat_f32x4_u", in: "v", out: "v"},
	I32x4TruncSatF64x2SZero & 0xFF:   {name: "i32x4.trunc_sat_f64x2_s_zero", in: "v", out: "v"},
	I32x4TruncSatF64x2UZero & 0xFF:   {name: "i32x4.trunc_sat_f64x2_u_zero", in: "v", out: "v"},
}
