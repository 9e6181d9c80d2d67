// Command prometheus answers questions with the code of Prometheus itself, for tests that compare core/promql with it.
// Each command reads questions as lines of JSON and answers each with a line of JSON:
//
//	prometheus parse     what the parser says to expressions (see parse.go)
//	prometheus match     what regular expressions of selectors match (see match.go)
//	prometheus corpus    expressions of Prometheus' own tests (see corpus.go); reads nothing
//	prometheus tsdb      writes series to a database (see tsdb.go)
//	prometheus time      how fast the engine answers (see time.go)
//
// A command lives in a file of its own and registers itself there.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// commands by name; each gets the words that follow its name.
var commands = map[string]func(args []string, in io.Reader, out io.Writer) error{}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		names := slices.Sorted(maps.Keys(commands))
		fmt.Fprintf(os.Stderr, "usage: prometheus %s\n", strings.Join(names, "|"))
		os.Exit(2)
	}
	out := bufio.NewWriter(os.Stdout)
	err := commands[os.Args[1]](os.Args[2:], os.Stdin, out)
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// answerLines answers each line of questions with a line, as soon as it is read.
func answerLines[Q, A any](in io.Reader, out io.Writer, answer func(Q) (A, error)) error {
	questions := json.NewDecoder(bufio.NewReader(in))
	answers := json.NewEncoder(out)
	answers.SetEscapeHTML(false)
	for {
		var question Q
		if err := questions.Decode(&question); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		reply, err := answer(question)
		if err != nil {
			return err
		}
		if err := answers.Encode(reply); err != nil {
			return err
		}
		if writer, ok := out.(*bufio.Writer); ok {
			if err := writer.Flush(); err != nil {
				return err
			}
		}
	}
}
