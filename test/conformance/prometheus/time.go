package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/tsdb"
)

func init() {
	commands["time"] = timeQueries
}

// timeQuestion is an instant query to repeat for at least some seconds.
type timeQuestion struct {
	Query   string  `json:"query"`
	At      int64   `json:"at"`
	Seconds float64 `json:"seconds"`
}

// timeAnswer says how often the query was parsed and evaluated in how long, and how many elements it had.
type timeAnswer struct {
	Runs     int     `json:"runs"`
	Seconds  float64 `json:"seconds"`
	Elements int     `json:"elements"`
}

// timeQueries answers from the database in the folder that is its one argument.
func timeQueries(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("usage: prometheus time FOLDER")
	}
	options := tsdb.DefaultOptions()
	options.MinBlockDuration = (24 * time.Hour).Milliseconds()
	options.MaxBlockDuration = options.MinBlockDuration
	db, err := tsdb.Open(args[0], promslog.NewNopLogger(), nil, options, tsdb.NewDBStats())
	if err != nil {
		return err
	}
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples:           50_000_000,
		Timeout:              time.Minute,
		LookbackDelta:        5 * time.Minute,
		EnableAtModifier:     true,
		EnableNegativeOffset: true,
		Parser:               parser.NewParser(parser.Options{}),
	})
	err = answerLines(in, out, func(question timeQuestion) (timeAnswer, error) {
		return repeat(engine, db, question)
	})
	return errors.Join(err, engine.Close(), db.Close())
}

func repeat(engine *promql.Engine, db *tsdb.DB, question timeQuestion) (timeAnswer, error) {
	limit := time.Duration(question.Seconds * float64(time.Second))
	answer := timeAnswer{}
	for began := time.Now(); time.Since(began) < limit; answer.Seconds = time.Since(began).Seconds() {
		elements, err := evaluate(engine, db, question)
		if err != nil {
			return answer, err
		}
		answer.Runs++
		answer.Elements = elements
	}
	return answer, nil
}

func evaluate(engine *promql.Engine, db *tsdb.DB, question timeQuestion) (int, error) {
	query, err := engine.NewInstantQuery(context.Background(), db, nil, question.Query, time.UnixMilli(question.At))
	if err != nil {
		return 0, err
	}
	defer query.Close()
	vector, err := query.Exec(context.Background()).Vector()
	return len(vector), err
}
