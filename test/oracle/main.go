// Command oracle drives the HorizontalPodAutoscaler controller of the Kubernetes version that it is built with, in
// virtual time, and writes down what it saw and did: one recording a line.
//
//	oracle generate -count 1000 -seed 7     random recordings, closed loop
//	oracle play < recordings                the same inputs again, with this controller's outcomes
//	oracle time < recordings                how long the controller takes for them, reading excluded
//	oracle admit < questions                what the API server says to each object or selector (see admit.go)
//
// Feature gates are those of the process: -feature-gates HPAScaleToZero=true.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"testing"
	"testing/synctest"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
)

// options of the command line.
type options struct {
	kubernetes   string
	featureGates string
	seed         uint64
	first, count int
	syncs        int
	pods         int
	flags        bool
	restarts     bool
}

func main() {
	if len(os.Args) < 2 {
		fail(errors.New("usage: oracle generate|play|time|admit [flags]"))
	}
	mode := os.Args[1]
	var o options
	set := flag.NewFlagSet(mode, flag.ExitOnError)
	set.StringVar(&o.kubernetes, "kubernetes", "", "minor version of the controller built in, such as 1.36")
	set.StringVar(&o.featureGates, "feature-gates", "", "gates that differ from their defaults: A=true,B=false")
	set.Uint64Var(&o.seed, "seed", 1, "seed of everything random")
	set.IntVar(&o.first, "first", 0, "number of the first recording")
	set.IntVar(&o.count, "count", 1, "how many recordings")
	set.IntVar(&o.syncs, "syncs", 25, "syncs of a recording")
	set.IntVar(&o.pods, "pods", 16, "most pods of a target that are simulated")
	set.BoolVar(&o.flags, "controller-flags", false, "vary the flags of the controller too")
	set.BoolVar(&o.restarts, "restarts", false, "restart the controller now and then")
	_ = set.Parse(os.Args[2:])
	if o.featureGates != "" {
		if err := utilfeature.DefaultMutableFeatureGate.Set(o.featureGates); err != nil {
			fail(err)
		}
	}
	// The default handlers wait on a clock outside the bubble.
	utilruntime.ErrorHandlers = nil
	inBubble(func() error { return run(mode, o) })
}

// inBubble runs everything in one synctest bubble. It is never left: controllers before 1.30 leave goroutines behind.
func inBubble(work func() error) {
	// What simulates "go test" reads the arguments too.
	os.Args = os.Args[:1]
	all := func(string, string) (bool, error) { return true, nil }
	testing.Main(all, []testing.InternalTest{{
		Name: "oracle",
		F: func(t *testing.T) {
			synctest.Test(t, func(*testing.T) {
				if err := work(); err != nil {
					fail(err)
				}
				os.Exit(0)
			})
		},
	}}, nil, nil)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "oracle:", err)
	os.Exit(1)
}

func run(mode string, o options) error {
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	var err error
	switch mode {
	case "generate":
		err = generateAll(o, encoder)
	case "play":
		err = eachLine(os.Stdin, func(line []byte) error {
			recording := &Recording{}
			played, err := recording, json.Unmarshal(line, recording)
			if err == nil {
				played, err = play(&replayed{recorded: recording})
			}
			if err != nil {
				return errors.Join(encoder.Encode(map[string]string{"error": err.Error()}), out.Flush())
			}
			// Whoever sends one line at a time waits for its answer.
			return errors.Join(encoder.Encode(played), out.Flush())
		})
	case "time":
		err = timeAll(os.Stdin, encoder)
	case "admit":
		err = eachLine(os.Stdin, func(line []byte) error {
			return errors.Join(encoder.Encode(admission(line)), out.Flush())
		})
	default:
		err = fmt.Errorf("unknown mode %q", mode)
	}
	return errors.Join(err, out.Flush())
}

func eachLine(in io.Reader, do func([]byte) error) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 1 {
			if err := do(line); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// replayed gives the controller what another one saw.
type replayed struct {
	recorded *Recording
	position int
}

func (r *replayed) recording() *Recording {
	fresh := *r.recorded
	fresh.Syncs, fresh.Counters = nil, nil
	return &fresh
}

func (r *replayed) next() *Sync {
	if r.position == len(r.recorded.Syncs) {
		return nil
	}
	sync := *r.recorded.Syncs[r.position]
	sync.Outcome, sync.Events = nil, nil
	r.position++
	return &sync
}
