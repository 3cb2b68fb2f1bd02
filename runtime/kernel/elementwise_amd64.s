#include "textflag.h"

// Elementwise loops over float64. Operands advance by xinc and yinc bytes for every 16 elements: 128 for an array, 0 for
// 16 copies of a scalar.

#define BINARY(OP, SOP) \
	MOVQ dst+0(FP), DI; \
	MOVQ x+8(FP), SI; \
	MOVQ y+16(FP), DX; \
	MOVQ n+24(FP), CX; \
	MOVQ xinc+32(FP), R8; \
	MOVQ yinc+40(FP), R9; \
	SUBQ $16, CX; \
	JLT  rest; \
loop: \
	VMOVUPD (SI), Y0; \
	VMOVUPD 32(SI), Y1; \
	VMOVUPD 64(SI), Y2; \
	VMOVUPD 96(SI), Y3; \
	OP (DX), Y0, Y0; \
	OP 32(DX), Y1, Y1; \
	OP 64(DX), Y2, Y2; \
	OP 96(DX), Y3, Y3; \
	VMOVUPD Y0, (DI); \
	VMOVUPD Y1, 32(DI); \
	VMOVUPD Y2, 64(DI); \
	VMOVUPD Y3, 96(DI); \
	ADDQ R8, SI; \
	ADDQ R9, DX; \
	ADDQ $128, DI; \
	SUBQ $16, CX; \
	JGE  loop; \
rest: \
	ADDQ $16, CX; \
	JEQ  done; \
	SHRQ $4, R8; \
	SHRQ $4, R9; \
one: \
	VMOVSD (SI), X0; \
	SOP (DX), X0, X0; \
	VMOVSD X0, (DI); \
	ADDQ R8, SI; \
	ADDQ R9, DX; \
	ADDQ $8, DI; \
	DECQ CX; \
	JNE  one; \
done: \
	VZEROUPPER; \
	RET

// The machine's minimum and maximum return their second operand for equal operands and NaN. Both orders are taken and
// combined bit by bit, which settles zeros; lanes with a NaN take x+y instead. n is a multiple of 4.
#define EXTREMUM(OP, COMBINE) \
	MOVQ dst+0(FP), DI; \
	MOVQ x+8(FP), SI; \
	MOVQ y+16(FP), DX; \
	MOVQ n+24(FP), CX; \
	MOVQ xinc+32(FP), R8; \
	MOVQ yinc+40(FP), R9; \
	SHRQ $2, R8; \
	SHRQ $2, R9; \
	SHRQ $2, CX; \
	JEQ  done; \
loop: \
	VMOVUPD (SI), Y0; \
	VMOVUPD (DX), Y1; \
	OP Y0, Y1, Y2; \
	OP Y1, Y0, Y3; \
	COMBINE Y2, Y3, Y2; \
	VADDPD Y0, Y1, Y3; \
	VCMPPD $3, Y0, Y1, Y4; \
	VBLENDVPD Y4, Y3, Y2, Y2; \
	VMOVUPD Y2, (DI); \
	ADDQ R8, SI; \
	ADDQ R9, DX; \
	ADDQ $32, DI; \
	DECQ CX; \
	JNE  loop; \
done: \
	VZEROUPPER; \
	RET

// Comparisons write one byte an element, 0 or 1. n is a multiple of 16.
#define COMPARE(PREDICATE) \
	MOVQ dst+0(FP), DI; \
	MOVQ x+8(FP), SI; \
	MOVQ y+16(FP), DX; \
	MOVQ n+24(FP), CX; \
	MOVQ xinc+32(FP), R8; \
	MOVQ yinc+40(FP), R9; \
	VPCMPEQB X15, X15, X15; \
	VPABSB X15, X15; \
	SHRQ $4, CX; \
	JEQ  done; \
loop: \
	VMOVUPD (SI), Y0; \
	VMOVUPD 32(SI), Y1; \
	VMOVUPD 64(SI), Y2; \
	VMOVUPD 96(SI), Y3; \
	VCMPPD PREDICATE, (DX), Y0, Y0; \
	VCMPPD PREDICATE, 32(DX), Y1, Y1; \
	VCMPPD PREDICATE, 64(DX), Y2, Y2; \
	VCMPPD PREDICATE, 96(DX), Y3, Y3; \
	VEXTRACTF128 $1, Y0, X4; \
	VEXTRACTF128 $1, Y1, X5; \
	VEXTRACTF128 $1, Y2, X6; \
	VEXTRACTF128 $1, Y3, X7; \
	VSHUFPS $0x88, X4, X0, X0; \
	VSHUFPS $0x88, X5, X1, X1; \
	VSHUFPS $0x88, X6, X2, X2; \
	VSHUFPS $0x88, X7, X3, X3; \
	VPACKSSDW X1, X0, X0; \
	VPACKSSDW X3, X2, X2; \
	VPACKSSWB X2, X0, X0; \
	VPAND X15, X0, X0; \
	VMOVDQU X0, (DI); \
	ADDQ R8, SI; \
	ADDQ R9, DX; \
	ADDQ $16, DI; \
	DECQ CX; \
	JNE  loop; \
done: \
	VZEROUPPER; \
	RET

// func addAVX(dst, x, y *float64, n, xinc, yinc int)
TEXT ·addAVX(SB), NOSPLIT, $0-48
	BINARY(VADDPD, VADDSD)

// func subAVX(dst, x, y *float64, n, xinc, yinc int)
TEXT ·subAVX(SB), NOSPLIT, $0-48
	BINARY(VSUBPD, VSUBSD)

// func mulAVX(dst, x, y *float64, n, xinc, yinc int)
TEXT ·mulAVX(SB), NOSPLIT, $0-48
	BINARY(VMULPD, VMULSD)

// func divAVX(dst, x, y *float64, n, xinc, yinc int)
TEXT ·divAVX(SB), NOSPLIT, $0-48
	BINARY(VDIVPD, VDIVSD)

// func minAVX(dst, x, y *float64, n, xinc, yinc int)
TEXT ·minAVX(SB), NOSPLIT, $0-48
	EXTREMUM(VMINPD, VORPD)

// func maxAVX(dst, x, y *float64, n, xinc, yinc int)
TEXT ·maxAVX(SB), NOSPLIT, $0-48
	EXTREMUM(VMAXPD, VANDPD)

// func eqAVX(dst *bool, x, y *float64, n, xinc, yinc int)
TEXT ·eqAVX(SB), NOSPLIT, $0-48
	COMPARE($0)

// func ltAVX(dst *bool, x, y *float64, n, xinc, yinc int)
TEXT ·ltAVX(SB), NOSPLIT, $0-48
	COMPARE($1)

// func leAVX(dst *bool, x, y *float64, n, xinc, yinc int)
TEXT ·leAVX(SB), NOSPLIT, $0-48
	COMPARE($2)

// func selectAVX(dst *float64, c *bool, x, y *float64, n, xinc, yinc int)
// n is a multiple of 4.
TEXT ·selectAVX(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ c+8(FP), BX
	MOVQ x+16(FP), SI
	MOVQ y+24(FP), DX
	MOVQ n+32(FP), CX
	MOVQ xinc+40(FP), R8
	MOVQ yinc+48(FP), R9
	SHRQ $2, R8
	SHRQ $2, R9
	VPXOR Y15, Y15, Y15
	SHRQ $2, CX
	JEQ  done

loop:
	VPMOVZXBQ (BX), Y0
	VPCMPEQQ Y15, Y0, Y0
	VMOVUPD  (SI), Y1
	VBLENDVPD Y0, (DX), Y1, Y1
	VMOVUPD  Y1, (DI)
	ADDQ     R8, SI
	ADDQ     R9, DX
	ADDQ     $4, BX
	ADDQ     $32, DI
	DECQ     CX
	JNE      loop

done:
	VZEROUPPER
	RET

// func negAVX(dst, x *float64, n int)
// n is a multiple of 4.
TEXT ·negAVX(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ n+16(FP), CX
	VPCMPEQQ Y15, Y15, Y15
	VPSLLQ $63, Y15, Y15
	SHRQ $2, CX
	JEQ  done

loop:
	VXORPD  (SI), Y15, Y0
	VMOVUPD Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	DECQ    CX
	JNE     loop

done:
	VZEROUPPER
	RET

// func absAVX(dst, x *float64, n int)
// n is a multiple of 4.
TEXT ·absAVX(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ n+16(FP), CX
	VPCMPEQQ Y15, Y15, Y15
	VPSRLQ $1, Y15, Y15
	SHRQ $2, CX
	JEQ  done

loop:
	VANDPD  (SI), Y15, Y0
	VMOVUPD Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	DECQ    CX
	JNE     loop

done:
	VZEROUPPER
	RET

// func sqrtAVX(dst, x *float64, n int)
// n is a multiple of 4.
TEXT ·sqrtAVX(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ n+16(FP), CX
	SHRQ $2, CX
	JEQ  done

loop:
	VSQRTPD (SI), Y0
	VMOVUPD Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	DECQ    CX
	JNE     loop

done:
	VZEROUPPER
	RET
