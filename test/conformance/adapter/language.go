package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"text/template"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"plimsoll.dev/test/conformance/adapter/naming"
)

type templateRequest struct {
	Text []byte
	// A query template, or else a label template.
	Query    *queryArguments
	Group    string
	Resource string
}

type queryArguments struct {
	Series, LabelMatchers string
	Values                map[string]string
	GroupBy               string
	GroupBySlice          []string
}

type templateAnswer struct {
	ParseError, ExecuteError []byte
	Output                   []byte
}

func runTemplate(request templateRequest) templateAnswer {
	name := "resource-label"
	var data any = schema.GroupResource{Group: request.Group, Resource: request.Resource}
	if q := request.Query; q != nil {
		name = "metrics-query"
		data = naming.Arguments(q.Series, q.LabelMatchers, q.Values, q.GroupBy, q.GroupBySlice)
	}
	parsed, err := template.New(name).Delims("<<", ">>").Parse(string(request.Text))
	if err != nil {
		return templateAnswer{ParseError: []byte(err.Error())}
	}
	var output bytes.Buffer
	if err := parsed.Execute(&output, data); err != nil {
		return templateAnswer{ExecuteError: []byte(err.Error())}
	}
	return templateAnswer{Output: output.Bytes()}
}

type printfRequest struct {
	Format []byte
	Values []printfValue
}

type printfValue struct {
	Type  string
	Text  []byte
	List  []string
	Table map[string]string
}

func (v printfValue) value() any {
	text := string(v.Text)
	switch v.Type {
	case "int":
		n, _ := strconv.ParseInt(text, 10, 64)
		return int(n)
	case "uint8":
		n, _ := strconv.ParseUint(text, 10, 8)
		return uint8(n)
	case "float64":
		f, _ := strconv.ParseFloat(text, 64)
		return f
	case "bool":
		return text == "true"
	case "string":
		return text
	case "[]string":
		return v.List
	case "map":
		return v.Table
	case "struct":
		return schema.GroupResource{Group: "apps", Resource: text}
	case "args":
		return naming.Arguments(text, text, v.Table, text, v.List)
	}
	return nil
}

type printfAnswer struct{ Printf, Print, Println []byte }

func runPrintf(request printfRequest) printfAnswer {
	values := make([]any, len(request.Values))
	for i, value := range request.Values {
		values[i] = value.value()
	}
	return printfAnswer{
		Printf:  []byte(fmt.Sprintf(string(request.Format), values...)),
		Print:   []byte(fmt.Sprint(values...)),
		Println: []byte(fmt.Sprintln(values...)),
	}
}

type regexpRequest struct {
	Pattern, Text, Template []byte
}

type regexpAnswer struct {
	Error    string
	Groups   int
	Match    []int
	Expanded []byte
}

func runRegexp(request regexpRequest) regexpAnswer {
	compiled, err := regexp.Compile(string(request.Pattern))
	if err != nil {
		return regexpAnswer{Error: err.Error()}
	}
	answer := regexpAnswer{Groups: compiled.NumSubexp(), Match: compiled.FindSubmatchIndex(request.Text)}
	if answer.Match != nil {
		answer.Expanded = compiled.Expand(nil, request.Template, request.Text, answer.Match)
	}
	return answer
}
