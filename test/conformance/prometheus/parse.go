package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"
)

func init() {
	commands["parse"] = func(_ []string, in io.Reader, out io.Writer) error {
		return answerLines(in, out, parseOne)
	}
}

// parseQuestion is an expression, or a selector as a match[] parameter has it, and the features that are on.
type parseQuestion struct {
	Expr     string `json:"expr"`
	Selector bool   `json:"selector"`
	Options  struct {
		ExperimentalFunctions  bool `json:"experimentalFunctions"`
		DurationExpressions    bool `json:"durationExpressions"`
		ExtendedRangeSelectors bool `json:"extendedRangeSelectors"`
		FillModifiers          bool `json:"fillModifiers"`
	} `json:"options"`
}

// parseAnswer has the error, or the tree without parentheses and with positions, and how Prometheus prints it.
type parseAnswer struct {
	Error   string `json:"error,omitempty"`
	Tree    any    `json:"tree,omitempty"`
	Printed string `json:"printed,omitempty"`
}

func parseOne(question parseQuestion) (parseAnswer, error) {
	p := parser.NewParser(parser.Options{
		EnableExperimentalFunctions:  question.Options.ExperimentalFunctions,
		ExperimentalDurationExpr:     question.Options.DurationExpressions,
		EnableExtendedRangeSelectors: question.Options.ExtendedRangeSelectors,
		EnableBinopFillModifiers:     question.Options.FillModifiers,
	})
	if question.Selector {
		matchers, err := p.ParseMetricSelector(question.Expr)
		if err != nil {
			return parseAnswer{Error: err.Error()}, nil
		}
		return parseAnswer{Tree: matcherList(matchers)}, nil
	}
	expr, err := p.ParseExpr(question.Expr)
	if err != nil {
		return parseAnswer{Error: err.Error()}, nil
	}
	return parseAnswer{Tree: treeOf(expr), Printed: expr.String()}, nil
}

type node = map[string]any

// treeOf gives an expression in a form that does not depend on the language that writes it.
func treeOf(expr parser.Expr) node {
	if paren, ok := expr.(*parser.ParenExpr); ok {
		return treeOf(paren.Expr)
	}
	tree := shapeOf(expr)
	tree["position"] = position(expr.PositionRange())
	return tree
}

func shapeOf(expr parser.Expr) node {
	switch n := expr.(type) {
	case *parser.NumberLiteral:
		return node{"kind": "number", "value": number(n.Val)}
	case *parser.StringLiteral:
		return node{"kind": "string", "value": bytesOf(n.Val)}
	case *parser.VectorSelector:
		return selectorNode(n)
	case *parser.MatrixSelector:
		selector := n.VectorSelector.(*parser.VectorSelector)
		inner := selectorNode(selector)
		inner["position"] = position(selector.PosRange)
		return node{"kind": "matrixSelector", "selector": inner, "range": length(n.Range, n.RangeExpr)}
	case *parser.SubqueryExpr:
		return node{
			"kind": "subquery", "operand": treeOf(n.Expr),
			"range": length(n.Range, n.RangeExpr), "step": length(n.Step, n.StepExpr),
			"offset": length(n.OriginalOffset, n.OriginalOffsetExpr), "at": at(n.Timestamp, n.StartOrEnd),
		}
	case *parser.UnaryExpr:
		return node{"kind": "unary", "operator": n.Op.String(), "operand": treeOf(n.Expr)}
	case *parser.BinaryExpr:
		return node{
			"kind": "binary", "operator": n.Op.String(), "left": treeOf(n.LHS), "right": treeOf(n.RHS),
			"returnBool": n.ReturnBool, "matching": matching(n.VectorMatching),
		}
	case *parser.AggregateExpr:
		tree := node{
			"kind": "aggregate", "operator": n.Op.String(), "operand": treeOf(n.Expr),
			"without": n.Without, "labels": stringList(n.Grouping),
		}
		if n.Param != nil {
			tree["parameter"] = treeOf(n.Param)
		}
		return tree
	case *parser.Call:
		args := []node{}
		for _, arg := range n.Args {
			args = append(args, treeOf(arg))
		}
		return node{"kind": "call", "function": n.Func.Name, "args": args}
	default:
		panic(fmt.Sprintf("expression of type %T", expr))
	}
}

func selectorNode(n *parser.VectorSelector) node {
	extended := ""
	if n.Anchored {
		extended = "anchored"
	} else if n.Smoothed {
		extended = "smoothed"
	}
	return node{
		"kind": "vectorSelector", "matchers": matcherList(n.LabelMatchers), "extended": extended,
		"offset": length(n.OriginalOffset, n.OriginalOffsetExpr), "at": at(n.Timestamp, n.StartOrEnd),
	}
}

// matcherList sorts, since the order means nothing and Prometheus moves the metric name.
func matcherList(matchers []*labels.Matcher) []string {
	list := []string{}
	for _, m := range matchers {
		list = append(list, fmt.Sprintf("%s %s %s", bytesOf(m.Name), m.Type, bytesOf(m.Value)))
	}
	slices.Sort(list)
	return list
}

func matching(m *parser.VectorMatching) any {
	if m == nil {
		return nil
	}
	return node{
		"cardinality": m.Card.String(), "on": m.On, "labels": stringList(m.MatchingLabels), "include": stringList(m.Include),
		"fillLeft": optionalNumber(m.FillValues.LHS), "fillRight": optionalNumber(m.FillValues.RHS),
	}
}

func length(d time.Duration, expr *parser.DurationExpr) any {
	if expr != nil {
		return durationNode(expr)
	}
	return number(float64(d) / 1e6)
}

func durationNode(expr parser.Expr) node {
	switch n := expr.(type) {
	case *parser.NumberLiteral:
		return node{"kind": "seconds", "seconds": number(n.Val)}
	case *parser.DurationExpr:
		tree := node{"kind": n.Op.String(), "position": position(n.PositionRange())}
		if n.LHS != nil {
			tree["left"] = durationNode(n.LHS)
		}
		if n.RHS != nil {
			tree["right"] = durationNode(n.RHS)
		}
		return tree
	default:
		panic(fmt.Sprintf("duration expression of type %T", expr))
	}
}

func at(timestamp *int64, startOrEnd parser.ItemType) any {
	switch {
	case timestamp != nil:
		return number(float64(*timestamp))
	case startOrEnd == parser.START || startOrEnd == parser.END:
		return startOrEnd.String()
	}
	return nil
}

func optionalNumber(value *float64) any {
	if value == nil {
		return nil
	}
	return number(*value)
}

// number keeps all bits that matter, which JSON numbers do not.
func number(value float64) string {
	if math.IsNaN(value) {
		return "NaN"
	}
	return strconv.FormatUint(math.Float64bits(value), 16)
}

// bytesOf keeps bytes that are no UTF-8, which JSON strings do not.
func bytesOf(text string) string {
	return fmt.Sprintf("%x", text)
}

func stringList(list []string) []string {
	texts := []string{}
	for _, text := range list {
		texts = append(texts, bytesOf(text))
	}
	return texts
}

func position(p posrange.PositionRange) [2]int {
	return [2]int{int(p.Start), int(p.End)}
}
