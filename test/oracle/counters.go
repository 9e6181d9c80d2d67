package main

import (
	"fmt"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"k8s.io/component-base/metrics/legacyregistry"
)

// counters are the controller's own, as it exports them, by name and labels.
type counters map[string]int

// names of the counters without their common prefix.
var counterNames = map[string]bool{"reconciliations_total": true, "metric_computation_total": true}

const counterPrefix = "horizontal_pod_autoscaler_controller_"

func readCounters() counters {
	families, err := legacyregistry.DefaultGatherer.Gather()
	if err != nil {
		panic(err)
	}
	values := counters{}
	for _, family := range families {
		name := strings.TrimPrefix(family.GetName(), counterPrefix)
		if !counterNames[name] {
			continue
		}
		for _, metric := range family.GetMetric() {
			values[name+labelText(metric.GetLabel())] = int(metric.GetCounter().GetValue())
		}
	}
	return values
}

func labelText(labels []*dto.LabelPair) string {
	pairs := make([]string, len(labels))
	for i, label := range labels {
		pairs[i] = fmt.Sprintf("%s=%q", label.GetName(), label.GetValue())
	}
	return "{" + strings.Join(pairs, ",") + "}"
}

// add counts what happened between two readings.
func (c counters) add(before, after counters) {
	for name, value := range after {
		if grown := value - before[name]; grown > 0 {
			c[name] += grown
		}
	}
}
