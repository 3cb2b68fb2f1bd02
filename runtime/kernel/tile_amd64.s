#include "textflag.h"

// A tile is 4 rows of 8 columns, held in Y0…Y7 (two registers a row). A step reads 4 elements of the packed left panel
// and 8 of the packed right one and adds their 32 rounded products.
#define STEP(aoff, boff) \
	VMOVUPD boff(DX), Y8; \
	VMOVUPD (boff+32)(DX), Y9; \
	VBROADCASTSD aoff(SI), Y10; \
	VMULPD Y8, Y10, Y11; \
	VADDPD Y11, Y0, Y0; \
	VMULPD Y9, Y10, Y12; \
	VADDPD Y12, Y1, Y1; \
	VBROADCASTSD (aoff+8)(SI), Y13; \
	VMULPD Y8, Y13, Y14; \
	VADDPD Y14, Y2, Y2; \
	VMULPD Y9, Y13, Y15; \
	VADDPD Y15, Y3, Y3; \
	VBROADCASTSD (aoff+16)(SI), Y10; \
	VMULPD Y8, Y10, Y11; \
	VADDPD Y11, Y4, Y4; \
	VMULPD Y9, Y10, Y12; \
	VADDPD Y12, Y5, Y5; \
	VBROADCASTSD (aoff+24)(SI), Y13; \
	VMULPD Y8, Y13, Y14; \
	VADDPD Y14, Y6, Y6; \
	VMULPD Y9, Y13, Y15; \
	VADDPD Y15, Y7, Y7

#define ZERO_TILE \
	VXORPD Y0, Y0, Y0; \
	VXORPD Y1, Y1, Y1; \
	VXORPD Y2, Y2, Y2; \
	VXORPD Y3, Y3, Y3; \
	VXORPD Y4, Y4, Y4; \
	VXORPD Y5, Y5, Y5; \
	VXORPD Y6, Y6, Y6; \
	VXORPD Y7, Y7, Y7

#define STORE_TILE(p) \
	VMOVUPD Y0, (p); \
	VMOVUPD Y1, 32(p); \
	VMOVUPD Y2, 64(p); \
	VMOVUPD Y3, 96(p); \
	VMOVUPD Y4, 128(p); \
	VMOVUPD Y5, 160(p); \
	VMOVUPD Y6, 192(p); \
	VMOVUPD Y7, 224(p)

#define LOAD_TILE(p) \
	VMOVUPD (p), Y0; \
	VMOVUPD 32(p), Y1; \
	VMOVUPD 64(p), Y2; \
	VMOVUPD 96(p), Y3; \
	VMOVUPD 128(p), Y4; \
	VMOVUPD 160(p), Y5; \
	VMOVUPD 192(p), Y6; \
	VMOVUPD 224(p), Y7

#define ADD_TILE(p) \
	VADDPD (p), Y0, Y0; \
	VADDPD 32(p), Y1, Y1; \
	VADDPD 64(p), Y2, Y2; \
	VADDPD 96(p), Y3, Y3; \
	VADDPD 128(p), Y4, Y4; \
	VADDPD 160(p), Y5, Y5; \
	VADDPD 192(p), Y6, Y6; \
	VADDPD 224(p), Y7, Y7

// func tileStepsAVX(tile *[32]float64, a, b *float64, steps int)
// tile += a·b over the steps, one after the other.
TEXT ·tileStepsAVX(SB), NOSPLIT, $0-32
	MOVQ tile+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ steps+24(FP), CX
	LOAD_TILE(DI)
	TESTQ CX, CX
	JEQ   done

loop:
	STEP(0, 0)
	ADDQ $32, SI
	ADDQ $64, DX
	DECQ CX
	JNE  loop

done:
	STORE_TILE(DI)
	VZEROUPPER
	RET

// The lanes in the order in which panels are packed: bit-reversed.
DATA laneWalk<>+0(SB)/8, $0x0e060a020c040800
DATA laneWalk<>+8(SB)/8, $0x0f070b030d050901
GLOBL laneWalk<>(SB), RODATA|NOPTR, $16

// func tileLanesAVX(tile *[32]float64, a, b *float64, k int, stack *[128]float64)
// tile = a·b over k >= 32 steps by the sum rule: a register tile per lane, lanes merged as a binary counter carries.
TEXT ·tileLanesAVX(SB), NOSPLIT, $0-40
	MOVQ tile+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ k+24(FP), R8
	MOVQ stack+32(FP), R10
	MOVQ R8, R9
	SHRQ $4, R8                 // steps of every lane
	ANDQ $15, R9                // lanes below this have one more
	XORQ R11, R11               // lanes done
	LEAQ laneWalk<>(SB), R12

lane:
	ZERO_TILE
	MOVBQZX (R12)(R11*1), AX
	MOVQ    R8, CX
	CMPQ    AX, R9
	JGE     even
	INCQ    CX

even:
	SHRQ $1, CX
	JCC  pairs
	STEP(0, 0)
	ADDQ $32, SI
	ADDQ $64, DX

pairs:
	TESTQ CX, CX
	JEQ   merge

pair:
	STEP(0, 0)
	STEP(32, 64)
	ADDQ $64, SI
	ADDQ $128, DX
	DECQ CX
	JNE  pair

merge:
	MOVQ R11, AX

carry:
	SHRQ $1, AX
	JCC  push
	SUBQ $256, R10
	ADD_TILE(R10)
	JMP  carry

push:
	INCQ R11
	CMPQ R11, $16
	JEQ  store
	STORE_TILE(R10)
	ADDQ $256, R10
	JMP  lane

store:
	STORE_TILE(DI)
	VZEROUPPER
	RET
