package tests

import (
	"strings"
	"testing"
)

// TestEmbeddingPage demands that the Go code of the page stands in the examples,
// which run.
func TestEmbeddingPage(t *testing.T) {
	examples := withoutIndents(readSource(t, "../example_test.go").Text)
	blocks := strings.Split(readSource(t, "../docs/embedding.md").Text, "```go\n")
	if len(blocks) < 2 {
		t.Fatal("the page shows no Go")
	}
	for _, rest := range blocks[1:] {
		block, _, closed := strings.Cut(rest, "```\n")
		if !closed || !strings.Contains(examples, withoutIndents(block)) {
			t.Errorf("example_test.go doesn't hold\n%s", block)
		}
	}
}

func withoutIndents(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return "\n" + strings.Join(lines, "\n")
}
