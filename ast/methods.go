package ast

func (n *Fn) Pos() Span            { return n.Span }
func (n *Derivative) Pos() Span    { return n.Span }
func (n *Let) Pos() Span           { return n.Span }
func (n *Var) Pos() Span           { return n.Span }
func (n *Input) Pos() Span         { return n.Span }
func (n *Import) Pos() Span        { return n.Span }
func (n *Export) Pos() Span        { return n.Span }
func (n *Assign) Pos() Span        { return n.Span }
func (n *For) Pos() Span           { return n.Span }
func (n *While) Pos() Span         { return n.Span }
func (n *Return) Pos() Span        { return n.Span }
func (n *Break) Pos() Span         { return n.Span }
func (n *Continue) Pos() Span      { return n.Span }
func (n *Number) Pos() Span        { return n.Span }
func (n *String) Pos() Span        { return n.Span }
func (n *Bool) Pos() Span          { return n.Span }
func (n *Name) Pos() Span          { return n.Span }
func (n *Paren) Pos() Span         { return n.Span }
func (n *Tuple) Pos() Span         { return n.Span }
func (n *List) Pos() Span          { return n.Span }
func (n *Record) Pos() Span        { return n.Span }
func (n *Comprehension) Pos() Span { return n.Span }
func (n *Block) Pos() Span         { return n.Span }
func (n *If) Pos() Span            { return n.Span }
func (n *Lambda) Pos() Span        { return n.Span }
func (n *Unary) Pos() Span         { return n.Span }
func (n *Binary) Pos() Span        { return n.Span }
func (n *Compare) Pos() Span       { return n.Span }
func (n *Range) Pos() Span         { return n.Span }
func (n *Call) Pos() Span          { return n.Span }
func (n *Index) Pos() Span         { return n.Span }
func (n *Field) Pos() Span         { return n.Span }
func (n *Prime) Pos() Span         { return n.Span }
func (n *Nabla) Pos() Span         { return n.Span }
func (n *Bad) Pos() Span           { return n.Span }
func (n *ArrayType) Pos() Span     { return n.Span }
func (n *StrType) Pos() Span       { return n.Span }
func (n *TupleType) Pos() Span     { return n.Span }
func (n *FuncType) Pos() Span      { return n.Span }
func (n *RecordType) Pos() Span    { return n.Span }
func (n *ExprStmt) Pos() Span      { return n.X.Pos() }

func (*Fn) stmt()         {}
func (*Derivative) stmt() {}
func (*Let) stmt()        {}
func (*Var) stmt()        {}
func (*Input) stmt()      {}
func (*Import) stmt()     {}
func (*Export) stmt()     {}
func (*Assign) stmt()     {}
func (*For) stmt()        {}
func (*While) stmt()      {}
func (*Return) stmt()     {}
func (*Break) stmt()      {}
func (*Continue) stmt()   {}
func (*ExprStmt) stmt()   {}

func (*Number) expr()        {}
func (*String) expr()        {}
func (*Bool) expr()          {}
func (*Name) expr()          {}
func (*Paren) expr()         {}
func (*Tuple) expr()         {}
func (*List) expr()          {}
func (*Record) expr()        {}
func (*Comprehension) expr() {}
func (*Block) expr()         {}
func (*If) expr()            {}
func (*Lambda) expr()        {}
func (*Unary) expr()         {}
func (*Binary) expr()        {}
func (*Compare) expr()       {}
func (*Range) expr()         {}
func (*Call) expr()          {}
func (*Index) expr()         {}
func (*Field) expr()         {}
func (*Prime) expr()         {}
func (*Nabla) expr()         {}
func (*Bad) expr()           {}

func (*ArrayType) typeExpr()  {}
func (*StrType) typeExpr()    {}
func (*TupleType) typeExpr()  {}
func (*FuncType) typeExpr()   {}
func (*RecordType) typeExpr() {}
