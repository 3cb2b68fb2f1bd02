package ast

// The codes. Those that the cases of other systems use too keep their names.
const (
	// Text.
	CodeSyntax     Code = "syntax"      // the text is no Calx
	CodeTooDeep    Code = "too-deep"    // nested deeper than the limits allow
	CodeEncoding   Code = "encoding"    // the text is not UTF-8
	CodeNumberSize Code = "number-size" // a literal doesn't fit its type

	// Names and declarations.
	CodeUnknownName   Code = "unknown-name"
	CodeRedeclared    Code = "redeclared"
	CodeNotAssignable Code = "not-assignable"
	CodeMisplaced     Code = "misplaced" // a statement where it may not stand
	CodeUnusedValue   Code = "unused-value"
	CodeUseBefore     Code = "use-before" // used before its statement has run
	CodeImportFailed  Code = "import-failed"

	// Types and shapes.
	CodeTypeMismatch    Code = "type-mismatch"
	CodeShapeMismatch   Code = "shape-mismatch"
	CodeRank            Code = "rank"
	CodeAxis            Code = "axis"
	CodeUnsized         Code = "unsized" // the length of a scalar
	CodeArguments       Code = "arguments"
	CodeNotConstant     Code = "not-constant"
	CodeNotFunction     Code = "not-function"
	CodeUnknownField    Code = "unknown-field"
	CodeUnknownSize     Code = "unknown-size" // a size that nothing determines
	CodeAmbiguousRange  Code = "ambiguous-range"
	CodeRecursion       Code = "recursion" // a function that may not call itself does
	CodeMissingValue    Code = "missing-value"
	CodeNotYet          Code = "not-yet" // the language has it, this version doesn't
	CodeTooManyChecks   Code = "too-many-checks"
	CodeBranchMismatch  Code = "branch-mismatch"
	CodeInputMismatch   Code = "input-mismatch"
	CodeMissingInput    Code = "missing-input"
	CodeUnknownArgument Code = "unknown-argument"

	// Calculus.
	CodeNotDifferentiable Code = "not-differentiable" // differentiated in, or for, what has no derivative
	CodeNotScalar         Code = "not-scalar"         // the gradient of what is more than one number
	CodeUnknownParameter  Code = "unknown-parameter"  // wrt names none
	CodeDerivativeRule    Code = "derivative-rule"    // a declared derivative does not fit its function
	CodeNotLinear         Code = "not-linear"         // one that is not linear in its tangents
	CodeNoDerivative      Code = "no-derivative"      // what has none that is known

	// Running.
	CodeIndex          Code = "index"
	CodeDivisionByZero Code = "division-by-zero"
	CodeOutOfRange     Code = "out-of-range" // a value that its new type can't hold
	CodeNegativePower  Code = "negative-power"
	CodeEmptyReduction Code = "empty-reduction"
	CodeSingular       Code = "singular"
	CodeNotPositive    Code = "not-positive-definite"
	CodeNotAscending   Code = "not-ascending"
	CodeNotSorted      Code = "not-sorted" // neither ascending nor descending
	CodeNoConvergence  Code = "no-convergence"
	CodeMemoryLimit    Code = "memory-limit"
	CodeStepLimit      Code = "step-limit"
	CodeTimeLimit      Code = "time-limit"
	CodeCancelled      Code = "cancelled"
	CodeRecursionLimit Code = "recursion-limit"
	CodeHostFunction   Code = "host-error" // a function of the embedding program failed

	// Data given from outside.
	CodeBadData Code = "bad-data"

	// Remarks.
	CodeRepeatedKey Code = "repeated-key" // a random key gives the same numbers again
)
