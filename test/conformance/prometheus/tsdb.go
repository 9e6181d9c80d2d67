package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

func init() {
	commands["tsdb"] = writeTSDB
}

// tsdbSeries is a series to write.
type tsdbSeries struct {
	Labels  map[string]string `json:"labels"`
	Samples []tsdbSample      `json:"samples"`
}

// tsdbSample has milliseconds, the value as Go writes it or "stale", and the start timestamp or 0.
type tsdbSample struct {
	At    int64  `json:"at"`
	Value string `json:"value"`
	Start int64  `json:"start"`
}

// writeTSDB fills the database in the folder that is its one argument with the series it reads, in their order.
func writeTSDB(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("usage: prometheus tsdb FOLDER")
	}
	options := tsdb.DefaultOptions()
	// One long head, so that series may be written one after the other.
	options.MinBlockDuration = (24 * time.Hour).Milliseconds()
	options.MaxBlockDuration = options.MinBlockDuration
	options.EnableSTStorage = true
	options.XOR2EncodingAllowed = true
	options.FloatChunkEncoding = chunkenc.EncXOR2
	db, err := tsdb.Open(args[0], promslog.NewNopLogger(), nil, options, tsdb.NewDBStats())
	if err != nil {
		return err
	}
	count, err := appendAll(db, json.NewDecoder(in))
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "{\"samples\":%d}\n", count)
	return err
}

func appendAll(db *tsdb.DB, series *json.Decoder) (int, error) {
	count := 0
	for {
		var one tsdbSeries
		if err := series.Decode(&one); err == io.EOF {
			return count, nil
		} else if err != nil {
			return count, err
		}
		appender := db.AppenderV2(context.Background())
		for _, sample := range one.Samples {
			number, err := sample.number()
			if err != nil {
				return count, err
			}
			set := labels.FromMap(one.Labels)
			if _, err := appender.Append(0, set, sample.Start, sample.At, number, nil, nil, storage.AppendV2Options{}); err != nil {
				return count, fmt.Errorf("%s at %d: %w", set, sample.At, err)
			}
			count++
		}
		if err := appender.Commit(); err != nil {
			return count, err
		}
	}
}

func (s tsdbSample) number() (float64, error) {
	if s.Value == "stale" {
		return math.Float64frombits(value.StaleNaN), nil
	}
	return strconv.ParseFloat(s.Value, 64)
}
