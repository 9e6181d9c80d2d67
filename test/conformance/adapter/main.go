// Command adapter answers, line by line, what the packages of prometheus-adapter and of Go make of an input. Requests
// and answers are JSON; texts that may be no UTF-8 are base64 in them.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"k8s.io/klog/v2"
)

var handlers = map[string]func(json.RawMessage) (any, error){
	"template":  handler(runTemplate),
	"printf":    handler(runPrintf),
	"regexp":    handler(runRegexp),
	"yaml":      handler(runYAML),
	"rules":     handler(runRules),
	"metrics":   handler(runMetrics),
	"default":   handler(runDefault),
	"discovery": handler(runDiscovery),
}

func handler[Request, Answer any](run func(Request) Answer) func(json.RawMessage) (any, error) {
	return func(raw json.RawMessage) (any, error) {
		var request Request
		if err := json.Unmarshal(raw, &request); err != nil {
			return nil, err
		}
		return run(request), nil
	}
}

func main() {
	silenceLog()
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		answer, err := answerTo(line)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%v in %s", err, line)
			os.Exit(1)
		}
		if err := encoder.Encode(answer); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if lines.Buffered() == 0 {
			out.Flush()
		}
	}
}

func answerTo(line []byte) (any, error) {
	var envelope struct {
		Kind  string
		Input json.RawMessage
	}
	if err := json.Unmarshal(line, &envelope); err != nil {
		return nil, err
	}
	handle, known := handlers[envelope.Kind]
	if !known {
		return nil, fmt.Errorf("unknown kind %q", envelope.Kind)
	}
	return handle(envelope.Input)
}

func silenceLog() {
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	_ = flags.Set("logtostderr", "false")
	_ = flags.Set("stderrthreshold", "FATAL")
	klog.SetOutput(discard{})
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
