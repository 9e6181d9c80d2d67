package main

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

func init() {
	commands["corpus"] = func(args []string, _ io.Reader, out io.Writer) error {
		if len(args) != 1 {
			return errors.New("usage: prometheus corpus MODULE-DIRECTORY")
		}
		return writeCorpus(args[0], out)
	}
}

// corpusEntry is an expression with the file of Prometheus that it stands in.
type corpusEntry struct {
	Source string `json:"source"`
	Expr   string `json:"expr"`
}

// writeCorpus prints the expressions of the scripts and of the parser's and the printer's tests, one a line.
func writeCorpus(module string, out io.Writer) error {
	answers := json.NewEncoder(out)
	answers.SetEscapeHTML(false)
	scripts, err := filepath.Glob(filepath.Join(module, "promql", "promqltest", "testdata", "*.test"))
	if err != nil {
		return err
	}
	sources := map[string]func(string) ([]string, error){}
	for _, script := range scripts {
		sources[script] = scriptExpressions
	}
	for _, name := range []string{"parse_test.go", "printer_test.go", "prettier_test.go"} {
		sources[filepath.Join(module, "promql", "parser", name)] = tableInputs
	}
	for path, read := range sources {
		expressions, err := read(path)
		if err != nil {
			return err
		}
		for _, expr := range expressions {
			if err := answers.Encode(corpusEntry{Source: filepath.Base(path), Expr: expr}); err != nil {
				return err
			}
		}
	}
	return nil
}

var evalLine = regexp.MustCompile(`^\s*eval\S*\s+(?:instant(?:\s+at\s+\S+)?|range\s+from\s+\S+\s+to\s+\S+\s+step\s+\S+)\s+(.+?)\s*$`)

func scriptExpressions(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var expressions []string
	for line := range strings.Lines(string(text)) {
		if match := evalLine.FindStringSubmatch(line); match != nil {
			expressions = append(expressions, match[1])
		}
	}
	return expressions, nil
}

// tableInputs gives the texts of the fields `input`, `in` and `out` in tables of a Go test.
func tableInputs(path string) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return nil, err
	}
	var inputs []string
	ast.Inspect(file, func(n ast.Node) bool {
		field, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		key, ok := field.Key.(*ast.Ident)
		if !ok || (key.Name != "input" && key.Name != "in" && key.Name != "out") {
			return true
		}
		if text, ok := textOf(field.Value); ok {
			inputs = append(inputs, text)
		}
		return true
	})
	return inputs, nil
}

// textOf gives the value of a string literal, or of literals put together with +.
func textOf(expr ast.Expr) (string, bool) {
	switch e := expr.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, e.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		left, leftOk := textOf(e.X)
		right, rightOk := textOf(e.Y)
		return left + right, leftOk && rightOk && e.Op == token.ADD
	}
	return "", false
}
