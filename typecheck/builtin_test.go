package typecheck

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/calx-lang/calx/ast"
	"github.com/calx-lang/calx/lang"
	"github.com/calx-lang/calx/stdlib"
)

// checked checks a script; it fails the test if the text is no Calx.
func checked(t *testing.T, text string) (*Program, ast.Diagnostics) {
	t.Helper()
	file, mistakes := lang.Parse(&ast.Source{Name: "test.calx", Text: text})
	if mistakes.HasErrors() {
		t.Fatalf("%s\n%v", text, mistakes)
	}
	return Check(file, Options{})
}

// inputs are what the expressions of the tables below are made of.
const inputs = `
input s: f64
input k: i64
input b: bool
input z: c128[n]
input x: f64[n]
input y: f64[m]
input w: f32[n]
input i: i64[n]
input t: bool[n]
input A: f64[n, m]
input B: f64[m, p]
input S: f64[5, n, n]
input M: f64[2, 3]
input Z: f64[0, 3]
let some = x[x > 0]
`

// typeOf is the type of an expression of the inputs, or the code and message of
// the first mistake.
func typeOf(t *testing.T, expression string) string {
	t.Helper()
	program, mistakes := checked(t, inputs+"export "+expression+` as "value"`)
	if program == nil {
		return string(mistakes[0].Code) + ": " + mistakes[0].Message
	}
	c := &checker{atoms: program.Atoms}
	for _, e := range program.Exports {
		if e.Name == "value" {
			return c.show(e.Def.Type)
		}
	}
	return "no value"
}

func TestBuiltinTypes(t *testing.T) {
	for _, row := range strings.Split(strings.TrimSpace(builtinTypes), "\n") {
		expression, want, ok := strings.Cut(row, "  ")
		want = strings.TrimSpace(want)
		if !ok {
			continue
		}
		if got := typeOf(t, expression); got != want && !(strings.HasSuffix(want, ":") && strings.HasPrefix(got, want)) {
			t.Errorf("%s\n got %s\nwant %s", expression, got, want)
		}
	}
}

// TestBuiltinExamples checks what the manual shows.
func TestBuiltinExamples(t *testing.T) {
	for _, name := range builtinList() {
		f := lookupBuiltin(name)
		if f.doc == "" || f.example == "" && name != "print" {
			t.Errorf("%s has no documentation or no example", name)
		}
		if f.example == "" {
			continue
		}
		if program, mistakes := checked(t, "export "+f.example+` as "value"`); program == nil {
			t.Errorf("%s: %v", f.example, mistakes)
		}
	}
}

// Each row is an expression and its type, or the code of the mistake it is.
const builtinTypes = `
sqrt(2)                                  f64
sqrt(i)                                  f64[n]
sqrt(w)                                  f32[n]
sqrt(z)                                  c128[n]
sqrt(t)                                  f64[n]
abs(z)                                   f64[n]
abs(i)                                   i64[n]
abs(t)                                   i64[n]
real(z)                                  f64[n]
imag(x)                                  f64[n]
conj(z)                                  c128[n]
conj(i)                                  i64[n]
complex(x, 1)                            c128[n]
complex(w, 1)                            c128[n]
floor(i)                                 i64[n]
floor(x)                                 f64[n]
round(w)                                 f32[n]
floor(z)                                 type-mismatch:
arctan2(i, 2)                            f64[n]
arctan2(x, y)                            shape-mismatch:
max(w, 0)                                f32[n]
max(i, 0)                                i64[n]
max(i, 0.5)                              f64[n]
max(1, 2.5)                              f64
max(t, true)                             bool[n]
max(z, 0)                                type-mismatch:
max(x, y)                                shape-mismatch:
max(x, 0, axis=0)                        arguments:
max(A)                                   f64
max(A, axis=0)                           f64[m]
max(A, axis=-1, keepdims=true)           f64[n, 1]
max(A, axis=(0, 1))                      f64
max(A, axis=2)                           axis:
max(A, axis=(0, 0))                      axis:
max(A, axis=k)                           not-constant:
max(Z)                                   empty-reduction:
max(Z, axis=1)                           f64[0]
max(Z, axis=0)                           empty-reduction:
min(t)                                   bool
max(s)                                   f64
sum(s, axis=0)                           axis:
sum(t)                                   i64
sum(A, axis=0)                           f64[m]
sum(S, axis=(0, -1))                     f64[n]
sum(z)                                   c128
sum("a")                                 type-mismatch:
sum(A, 0)                                arguments:
prod(w)                                  f32
all(t)                                   bool
any(A > 0, axis=1)                       bool[n]
all(i)                                   bool
count(t)                                 i64
count(x > 0)                             i64
mean(i)                                  f64
mean(w, axis=0)                          f32
mean(A, axis=1, keepdims=true)           f64[n, 1]
argmax(A)                                i64
argmax(A, axis=1)                        i64[n]
argmin(A, axis=0, keepdims=true)         i64[1, m]
argmax(s)                                i64
argmax(Z)                                empty-reduction:
argmax(z)                                type-mismatch:
cumsum(A)                                f64[n*m]
cumsum(A, axis=0)                        f64[n, m]
cumsum(s)                                f64[1]
cumsum(t)                                i64[n]
cummax(t)                                bool[n]
cummin(z)                                type-mismatch:
where(x > 0, x, 0)                       f64[n]
where(b, 1, 2)                           i64
where(i, x, 0)                           type-mismatch:
where([true, false], [1, 2, 3], 0)       shape-mismatch:
where([[true], [false]], [1, 2, 3], 0)   i64[2, 3]
clip(i, 0, 2.5)                          f64[n]
clip(w, none, 1)                         f32[n]
clip(x, 0)                               f64[n]
logical_not(i)                           bool[n]
bitwise_and(t, t)                        bool[n]
bitwise_and(i, 3)                        i64[n]
bitwise_and(x, 3)                        type-mismatch:
left_shift(1, k)                         i64
power(2, 10)                             i64
i64(x)                                   i64[n]
f32(A)                                   f32[n, m]
bool(x)                                  bool[n]
c128(x)                                  c128[n]
f64(z)                                   type-mismatch:
i64(1e300)                               out-of-range:
reshape(A, -1)                           f64[n*m]
reshape(A, m, n)                         f64[m, n]
reshape(A, (m, -1))                      f64[m, n]
reshape(A, [n, m, 1])                    f64[n, m, 1]
reshape(S, S.shape)                      f64[5, n, n]
reshape(x, 2, -1)                        f64[2, (n // 2)]
reshape(x, n, n)                         shape-mismatch:
reshape(M, 4, 2)                         shape-mismatch:
reshape(M, 3, -1)                        f64[3, 2]
reshape(M, -1, -1)                       shape-mismatch:
reshape(M, -1, 4)                        shape-mismatch:
reshape(Z, 0, -1)                        shape-mismatch:
reshape(s, 1, 1)                         f64[1, 1]
reshape(s, (1,))                         f64[1]
reshape(M, -2, -3)                       shape-mismatch:
reshape(x, 1.5)                          type-mismatch:
reshape(some, 2, 2)                      f64[2, 2]
ravel(S)                                 f64[5*n*n]
transpose(S)                             f64[n, n, 5]
transpose(A)                             f64[m, n]
A.T                                      f64[m, n]
transpose(s)                             f64
transpose(S, (1, 2, 0))                  f64[n, n, 5]
transpose(M, (0, 0))                     axis:
transpose(M, (0,))                       axis:
swapaxes(S, 0, -1)                       f64[n, n, 5]
moveaxis(S, 0, -1)                       f64[n, n, 5]
moveaxis(zeros(2, 3, 4, 5), (0, 1), (-1, -2))  f64[4, 5, 3, 2]
moveaxis(S, 0, 3)                        axis:
matrix_transpose(B)                      f64[p, m]
matrix_transpose(x)                      rank:
squeeze(zeros(2, 1), axis=1)             f64[2]
squeeze(zeros(2, 1), axis=0)             axis:
squeeze(zeros(1, 2, 1))                  f64[2]
squeeze(some, axis=0)                    f64
expand_dims(M, 2)                        f64[2, 3, 1]
expand_dims(M, -1)                       f64[2, 3, 1]
expand_dims(M, (0, -1))                  f64[1, 2, 3, 1]
expand_dims(M, 4)                        axis:
broadcast_to(s, (2, 2))                  f64[2, 2]
broadcast_to(zeros(2, 1), (2, 5))        f64[2, 5]
broadcast_to(M, (3, 3))                  shape-mismatch:
broadcast_to(M, 3)                       shape-mismatch:
broadcast_to(x, (m, n))                  f64[m, n]
broadcast_to(x, (n, m))                  shape-mismatch:
flip(A, axis=1)                          f64[n, m]
tile(x, 3)                               f64[3*n]
tile(M, (2, 1, 2))                       f64[2, 2, 6]
concatenate((x, y))                      f64[n + m]
concatenate((x, i, 1))                   shape-mismatch:
concatenate((A, A), axis=1)              f64[n, 2*m]
concatenate((A, B))                      shape-mismatch:
concatenate((zeros(2, 3), zeros(2, 4)), axis=1)  f64[2, 7]
concatenate((zeros(2, 3), zeros(2, 4)))  shape-mismatch:
concatenate((s, s))                      shape-mismatch:
concatenate((A, x), axis=none)           f64[n + n*m]
concatenate((x, x), axis=1)              axis:
concatenate(S)                           f64[5*n, n]
concatenate(S, axis=1)                   f64[n, 5*n]
concatenate(())                          arguments:
concatenate((i, w))                      f64[2*n]
concatenate([x, y])                      f64[n + m]
concatenate([w, [1, 2]])                 f32[n + 2]
concatenate([A, x])                      shape-mismatch:
concatenate(["a", x])                    type-mismatch:
concatenate([])                          arguments:
hstack([x, 1, [2, 3]])                   f64[n + 3]
stack([x, y])                            shape-mismatch:
stack([w, w, w])                         f32[3, n]
stack((x, x))                            f64[2, n]
stack((x, x), axis=-1)                   f64[n, 2]
stack((s, s))                            f64[2]
stack((x, y))                            shape-mismatch:
stack((x, x), axis=2)                    axis:
stack((x, some))                         f64[2, n]
stack(A, axis=1)                         f64[m, n]
hstack((x, y))                           f64[n + m]
hstack((A, A))                           f64[n, 2*m]
hstack(A)                                f64[n*m]
vstack((x, x))                           f64[2, n]
vstack((A, A, A))                        f64[3*n, m]
vstack((x, y))                           shape-mismatch:
column_stack((x, A))                     f64[n, m + 1]
block([[1, 2], [3, 4]])                  i64[2, 2]
block(((A, eye(n)), (eye(m), A.T)))      f64[n + m, n + m]
block([x, y])                            f64[n + m]
block([[S, S]])                          f64[5, n, 2*n]
block(x)                                 f64[n]
block([x, [1, 2]])                       arguments:
[x, x]                                   f64[2, n]
[x, y]                                   shape-mismatch:
[[1, 2], [3, 4.5]]                       f64[2, 2]
[1, -2, +3]                              i64[3]
[1 + 2i, -2i, 3]                         c128[3]
[true, false]                            bool[2]
[x, some]                                f64[2, n]
zeros(3)                                 f64[3]
zeros(n, m)                              f64[n, m]
zeros((n, 2), dtype=i64)                 i64[n, 2]
zeros([n, m])                            f64[n, m]
zeros(A.shape, dtype=x.dtype)            f64[n, m]
zeros((n, 2), i64)                       i64[n, 2]
zeros(-1)                                shape-mismatch:
zeros(1.5)                               type-mismatch:
zeros(arange(1000000000000))             rank:
zeros(i)                                 not-constant:
zeros()                                  arguments:
zeros(3, dtype=4)                        not-constant:
zeros([])                                f64
zeros(n // 2)                            f64[(n // 2)]
ones(len(some))                          f64[_]
full(3, 1)                               i64[3]
full((n,), s)                            f64[n]
full(3, 1, dtype=c128)                   c128[3]
zeros_like(A)                            f64[n, m]
ones_like(z)                             c128[n]
full_like(i, 2.9)                        i64[n]
eye(3)                                   f64[3, 3]
eye(n, m, dtype=bool)                    bool[n, m]
eye(n, k=-1)                             f64[n, n]
identity(n, dtype=i64)                   i64[n, n]
arange(5)                                i64[5]
arange(n)                                i64[n]
arange(2, n + 2)                         i64[n]
arange(5, 0, -2)                         i64[3]
arange(0, 10, 3)                         i64[4]
arange(5, 2)                             i64[0]
arange(0, 1, 0.25)                       f64[4]
arange(0.0, s)                           f64[_]
arange(0, 1, 0)                          division-by-zero:
arange(1i)                               type-mismatch:
linspace(0, 1)                           f64[50]
linspace(0, 1, n)                        f64[n]
x @ x                                    f64
A @ y                                    f64[n]
x @ A                                    f64[m]
A @ B                                    f64[n, p]
B @ A                                    shape-mismatch:
x @ y                                    shape-mismatch:
s @ x                                    shape-mismatch:
S @ x                                    f64[5, n]
x @ S                                    f64[5, n]
S @ A                                    f64[5, n, m]
A.T @ S                                  f64[5, m, n]
zeros(5, 1, 2, 3) @ zeros(4, 3, 2)       f64[5, 4, 2, 2]
zeros(5, 2, 3) @ zeros(4, 3, 2)          shape-mismatch:
zeros(2, 0) @ zeros(0, 3)                f64[2, 3]
i @ t                                    i64
w @ i                                    f64
w @ w                                    f32
x @ some                                 f64
dot(x, 2)                                f64[n]
dot(A, B)                                f64[n, p]
dot(S, S)                                f64[5, n, 5, n]
dot([1, 2, 3], [1, 2, 3, 4])             shape-mismatch:
vdot(z, z)                               c128
inner(A, A)                              f64[n, n]
outer(x, y)                              f64[n, m]
tensordot(A, B, axes=1)                  f64[n, p]
tensordot(S, S, axes=([0, 1], [0, 1]))   f64[n, n]
tensordot(A, B)                          shape-mismatch:
einsum("ij,jk->ik", A, B)                f64[n, p]
einsum("ij,jk", zeros(2, 3), zeros(4, 2))  shape-mismatch:
einsum("ij,jk", A, B)                    f64[n, p]
einsum("bii->b", S)                      f64[5]
einsum("bii", S)                         f64[5]
einsum("ij->ji", A)                      f64[m, n]
einsum("ij->", A)                        f64
einsum("i,j,k->kji", x, y, x)            f64[n, m, n]
einsum("ij,j,jk->ik", A, y, B)           f64[n, p]
einsum("ii", A)                          shape-mismatch:
einsum("..i", x)                        arguments:
einsum("ij", x)                          rank:
einsum("i->k", x)                        arguments:
einsum("i->ii", x)                       arguments:
einsum("...i", x)                        f64[n]
einsum("..i", x)                        arguments:
einsum("ij,ij->i", A, zeros(1, 1))       f64[n]
sort(x)                                  f64[n]
sort(A, axis=0)                          f64[n, m]
sort(A, axis=none)                       f64[n*m]
sort(s)                                  axis:
sort(t)                                  bool[n]
argsort(A)                               i64[n, m]
sort(z)                                  type-mismatch:
searchsorted(x, A)                       i64[n, m]
searchsorted(x, 1)                       i64
searchsorted(A, 1)                       rank:
searchsorted(x, 1, side="middle")        arguments:
nonzero(x)                               (i64[_],)
nonzero(A)                               (i64[_], i64[_])
take(A, [0, 1], axis=0)                  f64[2, m]
take(A, 0, axis=1)                       f64[n]
take(A, i)                               f64[n]
take(x, y)                               type-mismatch:
take_along_axis(A, argsort(A), axis=1)   f64[n, m]
take_along_axis(M, [[0], [1], [2]], axis=1)  shape-mismatch:
len(x)                                   i64
len(s)                                   unsized:
len((x, y))                              i64
shape(A)                                 i64[2]
shape(s)                                 i64[0]
ndim(A)                                  i64
size(A)                                  i64
array_equal(x, y)                        bool
array_equal(x, some)                     bool
isnan(x)                                 bool[n]
isclose(A, 1)                            bool[n, m]
allclose(x, x)                           bool
log10(i)                                 f64[n]
cbrt(w)                                  f32[n]
hypot(x, 1)                              f64[n]
sinh(z)                                  c128[n]
cosh(w)                                  f32[n]
arcsinh(i)                               f64[n]
gcd(84, 36)                              i64
gcd(i, 12)                               i64[n]
var(A, axis=0)                           f64[m]
var(w)                                   f32
std(z, keepdims=true)                    f64[1]
ptp(A, axis=1)                           f64[n]
median(A)                                f64
median(A, axis=0)                        f64[m]
average(A, axis=1, weights=y)            f64[n]
average(x, weights=x)                    f64
diff(x)                                  f64[n - 1]
diff(A, axis=0)                          f64[n - 1, m]
trapezoid(x, x)                          f64
trapezoid(A, dx=0.5)                     f64[n]
interp(y, x, x)                          f64[m]
interp(A, x, x)                          f64[n, m]
interp(s, x, x)                          f64
interp(y, x, x, left=0, period=2)        f64[m]
interp(y, x, y)                          shape-mismatch:
diff(x, n=2)                             f64[max(n - 2, 0)]
diff(A, axis=0, prepend=0)               f64[n, m]
median(S, axis=(0, 1), keepdims=true)    f64[1, 1, n]
median(A, axis=2)                        axis:
quantile(A, 0.5, axis=1)                 f64[n]
quantile(A, [0.1, 0.9], axis=0)          f64[2, m]
quantile(w, 0.5)                         f32
quantile(i, 0.5, method="lower")         i64
percentile(A, y)                         f64[m]
nansum(w)                                f32
nanmax(i, axis=0)                        i64
nanmean(z)                               c128
nanvar(z)                                f64
average(A, axis=0, returned=true)        (f64[m], f64[m])
unique(i)                                i64[_]
unique(A, return_inverse=true)           (f64[_], i64[n, m])
histogram(x, 4)                          (i64[4], f64[5])
histogram(x, y)                          (i64[m - 1], f64[m])
bincount(i, minlength=3)                 i64[_]
digitize(A, y)                           i64[n, m]
isin(A, x)                               bool[n, m]
convolve(x, y)                           f64[n + m - 1]
convolve(A, x)                           f64[n, n + m - 1]
convolve(i, z)                           c128[2*n - 1]
correlate(x, y, mode="same")             f64[max(n, m)]
meshgrid(x, y)                           (f64[m, n], f64[m, n])
meshgrid(x, y, indexing="ij")            (f64[n, m], f64[n, m])
meshgrid(x, i, sparse=true)              (f64[1, n], i64[n, 1])
meshgrid(A)                              rank:
indices(k, 3)                            i64[2, k, 3]
split(M, 3, axis=1)                      (f64[2, 1], f64[2, 1], f64[2, 1])
split(M, 2, axis=1)                      shape-mismatch:
split(x, k)                              not-constant:
array_split(M, 2, axis=1)                (f64[2, 2], f64[2, 1])
pad(A, (1, 2))                           f64[n + 3, m + 3]
pad(A, ((1, 2), (0, k)), mode="wrap")    f64[n + 3, k + m]
pad(A, (1, 2, 3))                        arguments:
put_along_axis(A, [[0], [1]], 5, axis=1)  shape-mismatch:
put_along_axis(i, i, 1, axis=0)          i64[n]
roll(A, (1, k), axis=(0, 1))             f64[n, m]
repeat(i, i)                             i64[_]
rot90(A)                                 f64[m, n]
rot90(S, k=2)                            f64[5, n, n]
geomspace(1, 10, k)                      f64[k]
linspace(x, 1, 5)                        f64[5, n]
vander(x, 3)                             f64[n, 3]
tri(k, dtype=i64)                        i64[k, k]
round(w, 1)                              f32[n]
kron(x, y)                               f64[n*m]
roll(x, 2)                               f64[n]
roll(A, -1, axis=1)                      f64[n, m]
repeat(x, 3)                             f64[3*n]
repeat(A, 2, axis=1)                     f64[n, 2*m]
diag(x)                                  f64[n, n]
diag(M)                                  f64[2]
diag([1, 2], k=1)                        i64[3, 3]
trace(M)                                 f64
trace(S)                                 f64[n]
tril(A)                                  f64[n, m]
triu(S, k=1)                             f64[5, n, n]
kron(M, A)                               f64[2*n, 3*m]
cross([1, 2, 3], [4, 5, 6.5])            f64[3]
cross([1, 2, 3], [4, 5, 6, 7])           shape-mismatch:
linalg.solve(S, x)                       f64[5, n]
linalg.solve(S[0], A)                    f64[n, m]
linalg.solve(S[0], y)                    shape-mismatch:
linalg.solve(M, [1, 2])                  shape-mismatch:
linalg.solve([[1, 2, 3], [4, 5, 6], [7, 8, 1]], [1, 2])  shape-mismatch:
linalg.det(M)                            shape-mismatch:
linalg.det(S)                            f64[5]
linalg.slogdet(S)                        (f64[5], f64[5])
linalg.inv([1, 2, 3])                    rank:
linalg.inv(S)                            f64[5, n, n]
linalg.inv(f32(S))                       f32[5, n, n]
linalg.cholesky(M)                       shape-mismatch:
linalg.cholesky(S)                       f64[5, n, n]
linalg.qr(M)                             (f64[2, 2], f64[2, 3])
linalg.qr(A)                             (f64[n, min(n, m)], f64[min(n, m), m])
linalg.svd(M)                            (f64[2, 2], f64[2], f64[2, 3])
linalg.eigh(S)                           (f64[5, n], f64[5, n, n])
linalg.eigvalsh(z[:, newaxis] * conj(z))  f64[n]
linalg.eig(M @ M.T)                      (c128[2], c128[2, 2])
linalg.pinv(A)                           f64[m, n]
linalg.lstsq(A, x)                       (f64[m], f64, i64, f64[min(n, m)])
linalg.lstsq(A, S[0])                    (f64[m, n], f64[n], i64, f64[min(n, m)])
linalg.matrix_rank(A)                    i64
linalg.norm(x)                           f64
linalg.norm(A, ord=1)                    f64
linalg.norm(x, ord=inf)                  f64
linalg.norm(A, axis=1)                   f64[n]
linalg.norm(z)                           f64
linalg.cond(M)                           f64
linalg.trace(S)                          f64[5]
`

// TestBuiltinsOnAnything gives every builtin and function of the core arguments
// of all kinds: whatever is wrong is reported, and nothing else happens.
func TestBuiltinsOnAnything(t *testing.T) {
	pool := strings.Split(strings.TrimSpace(anything), "\n")
	var names []string
	for name := range builtinTable() {
		if !isPrimitive(name) {
			names = append(names, name)
		}
	}
	core, _ := stdlib.Source("core")
	for _, line := range strings.Split(core, "\n") {
		if rest, ok := strings.CutPrefix(line, "export fn "); ok {
			name, _, _ := strings.Cut(rest, "(")
			names = append(names, name)
		}
	}
	linalg, _ := stdlib.Source("linalg")
	for _, line := range strings.Split(linalg, "\n") {
		if rest, ok := strings.CutPrefix(line, "export fn "); ok {
			name, _, _ := strings.Cut(rest, "(")
			names = append(names, "linalg."+name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		var text strings.Builder
		text.WriteString(inputs)
		n := 0
		call := func(arguments string) {
			n++
			fmt.Fprintf(&text, "let v%d = %s(%s)\n", n, name, arguments)
		}
		call("")
		for _, a := range pool {
			call(a)
			call(a + ", axis=0")
			call(a + ", axis=(0, -1), keepdims=true")
			for _, b := range []string{"x", "A", "1", "-2.5", "[1, 2]", "(x, y)", "(1, 2)", "none", "f64"} {
				call(a + ", " + b)
			}
		}
		call("x, 1, 2")
		call("A, 0, -1")
		call("S, (0, 1), (1, 2)")
		call("x, none, none")
		call("x, undefined")
		checked(t, text.String())
	}
}

const anything = `
x
w[0:2]
z
t
A
M
Z
S
some
s
k
b
1
-2.5
[1, 2]
[[1, 2], [3, 4]]
[]
(x, y)
(1, 2)
()
{a: x, b: 1}
"ij,jk"
none
f64
sum
q -> q
`
