package main

import (
	"context"
	"encoding/json"
	"os"
	"runtime"
	"syscall"
	"time"

	pmodel "github.com/prometheus/common/model"
	prom "sigs.k8s.io/prometheus-adapter/pkg/client"
	"sigs.k8s.io/prometheus-adapter/pkg/config"
	custom "sigs.k8s.io/prometheus-adapter/pkg/custom-provider"
	"sigs.k8s.io/prometheus-adapter/pkg/naming"
)

type discoveryRequest struct {
	YAML      []byte
	Resources []resource
	// By selector, the file with what Prometheus lists: a JSON array of labels.
	Files map[string]string
}

type discoveryAnswer struct {
	Error   string
	Metrics int
	// From the text of the listings to the registry.
	Seconds float64
	// What the heap has more than before, after a collection.
	HeapBytes uint64
	// The most memory that the process had.
	PeakBytes int64
}

// fileClient lists what files say, once.
type fileClient struct {
	fakeClient
	files map[prom.Selector]string
	again chan struct{}
}

func (c *fileClient) Series(ctx context.Context, _ pmodel.Interval, selectors ...prom.Selector) ([]prom.Series, error) {
	series := []prom.Series{}
	for _, selector := range selectors {
		c.mu.Lock()
		path, known := c.files[selector]
		delete(c.files, selector)
		c.mu.Unlock()
		if !known {
			// The listing after the one that is measured: by now the registry is there.
			select {
			case c.again <- struct{}{}:
			default:
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var labels []map[string]string
		if err := json.Unmarshal(text, &labels); err != nil {
			return nil, err
		}
		for _, one := range labels {
			series = append(series, seriesOf(one))
		}
	}
	return series, nil
}

func runDiscovery(request discoveryRequest) discoveryAnswer {
	cfg, err := config.FromYAML(request.YAML)
	if err != nil {
		return discoveryAnswer{Error: err.Error()}
	}
	mapper := restMapper(request.Resources)
	namers, err := naming.NamersFromConfig(cfg.Rules, mapper)
	if err != nil {
		return discoveryAnswer{Error: err.Error()}
	}
	client := &fileClient{files: map[prom.Selector]string{}, again: make(chan struct{}, 1)}
	for selector, path := range request.Files {
		client.files[prom.Selector(selector)] = path
	}
	before := heap()
	began := time.Now()
	metrics, lister := custom.NewPrometheusProvider(mapper, nil, client, namers, time.Nanosecond, time.Hour)
	stop := make(chan struct{})
	lister.RunUntil(stop)
	<-client.again
	seconds := time.Since(began).Seconds()
	after := heap()
	answer := discoveryAnswer{Metrics: len(metrics.ListAllMetrics()), Seconds: seconds}
	if after > before {
		answer.HeapBytes = after - before
	}
	close(stop)
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		answer.Error = err.Error()
	}
	answer.PeakBytes = usage.Maxrss * 1024
	return answer
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
