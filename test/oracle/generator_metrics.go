package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
)

// metric of the spec, and the usage that it will show.
type metric struct {
	kind      string
	name      string
	container string
	// law is the field of the target that counts: averageUtilization, averageValue or value.
	law string
	// target in percent or milli-units.
	target   int64
	selector map[string]any
	// targetType is the type written, which need not fit the law.
	targetType string
	// described is the object of an Object metric.
	described map[string]any
	both      bool
	text      any
	// ratio of usage to target that comes out if every pod counts.
	ratio float64
	// broken is for how many more syncs it cannot be fetched.
	broken int
	huge   bool
}

func defaultMetric() *metric {
	return &metric{kind: "Resource", name: "cpu", law: "averageUtilization", target: 80, ratio: 1}
}

func (g *generator) newMetrics() []*metric {
	count := pick(g.random, 1, 1, 1, 2, 2, 3, 4)
	metrics := make([]*metric, 0, count)
	for len(metrics) < count {
		made := g.newMetric()
		same := func(other *metric) bool {
			return other.kind == made.kind && other.name == made.name && other.container == made.container
		}
		if !slices.ContainsFunc(metrics, same) {
			metrics = append(metrics, made)
		}
	}
	return metrics
}

func (g *generator) newMetric() *metric {
	m := &metric{kind: pick(g.random, "Resource", "Resource", "ContainerResource", "Pods", "Object", "External"), ratio: 1}
	if m.kind == "ContainerResource" && g.layout.covered {
		m.kind = "Resource"
	}
	m.huge = g.chance(0.02)
	switch m.kind {
	case "Resource", "ContainerResource":
		m.name = pick(g.random, "cpu", "cpu", "memory")
		if g.layout.storage && g.chance(0.5) {
			m.name = "ephemeral-storage"
		}
		if m.kind == "ContainerResource" {
			m.container = pick(g.random, g.layout.scalable()...).Name
		}
		m.law = pick(g.random, "averageUtilization", "averageUtilization", "averageValue")
	case "Pods":
		m.name, m.law = pick(g.random, "qps", "packets-per-second"), "averageValue"
	default:
		m.name = pick(g.random, "depth", "lag", "queue_messages_ready")
		m.law = pick(g.random, "value", "averageValue")
	}
	m.targetType = map[string]string{
		"averageUtilization": "Utilization", "averageValue": "AverageValue", "value": "Value",
	}[m.law]
	m.described = pick(g.random,
		map[string]any{"apiVersion": "v1", "kind": "Service", "name": "svc"},
		map[string]any{"apiVersion": "v1", "kind": "Service", "name": "svc"},
		map[string]any{"apiVersion": "v1", "kind": "Namespace", "name": "default"},
		map[string]any{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "name": "main"},
		map[string]any{"kind": "Service", "name": "svc"},
		map[string]any{"apiVersion": "", "kind": "Service", "name": "svc"},
	)
	if m.kind == "Object" && g.chance(0.08) {
		m.both = true
	}
	if g.chance(0.06) {
		m.targetType = pick(g.random, "Utilization", "AverageValue", "Value")
	}
	m.target = g.newTarget(m)
	m.text = g.quantity(m.target)
	if m.law != "averageUtilization" && g.chance(0.01) {
		// Thousandths of it overflow an int64 to zero.
		m.target, m.text = 0, "18446744073709551616"
	}
	if m.kind != "Resource" && m.kind != "ContainerResource" && g.chance(0.2) {
		m.selector = g.newMetricSelector()
	}
	return m
}

func (g *generator) newTarget(m *metric) int64 {
	if m.law == "averageUtilization" {
		return int64(pick(g.random, 1, 7, 30, 50, 50, 60, 70, 75, 80, 90, 95, 100, 110, 200, 300, g.between(1, 300)))
	}
	if m.huge {
		return g.Int64N(1<<52) + 1
	}
	if m.name == "memory" {
		return pick[int64](g.random, 128<<20, 500_000_000, 1<<30, 12_345_678) * 1000
	}
	return pick(g.random, 1, 100, 500, 1000, 1500, 3000, 7000, 10_000, 15_000, 100_000, 1_024_000, 1_000_000_000,
		int64(g.between(1, 100_000)))
}

func (g *generator) newMetricSelector() map[string]any {
	return pick(g.random,
		map[string]any{},
		map[string]any{"matchLabels": map[string]any{}, "matchExpressions": []any{}},
		map[string]any{"matchExpressions": []any{map[string]any{"key": "code", "operator": "Exists", "values": []any{}}}},
		map[string]any{"matchLabels": map[string]any{"queue": "orders"}},
		map[string]any{"matchLabels": map[string]any{"zone": "a", "queue": "orders", "b.c/d": ""}},
		map[string]any{"matchLabels": json.RawMessage(`{"zone":"a","queue":"orders"}`)},
		map[string]any{"matchLabels": map[string]any{"9": "a", "10": "b"}},
		map[string]any{"matchExpressions": []any{
			map[string]any{"key": "verb", "operator": "In", "values": []any{"GET", "POST"}},
			map[string]any{"key": "code", "operator": "Exists"},
		}},
		map[string]any{
			"matchLabels":      map[string]any{"queue": "orders"},
			"matchExpressions": []any{map[string]any{"key": "verb", "operator": "NotIn", "values": []any{"GET"}}},
		},
		map[string]any{"matchExpressions": []any{map[string]any{"key": "verb", "operator": "DoesNotExist"}}},
		map[string]any{"matchExpressions": []any{map[string]any{"key": "verb", "operator": "Like", "values": []any{"GET"}}}},
		map[string]any{"matchExpressions": []any{map[string]any{"key": "verb", "operator": "In"}}},
		map[string]any{"matchExpressions": []any{map[string]any{"key": "verb", "operator": "Exists", "values": []any{"a", "b"}}}},
		map[string]any{"matchExpressions": []any{map[string]any{"key": "-verb-", "operator": "NotIn"}}},
		map[string]any{"matchLabels": map[string]any{"queue": "or ders"}},
		map[string]any{"matchLabels": map[string]any{"a/b/c": "x%d"}},
	)
}

// written is the metric as it stands in the spec.
func (m *metric) written() map[string]any {
	target := map[string]any{"type": m.targetType}
	switch m.law {
	case "averageUtilization":
		target[m.law] = m.target
	default:
		target[m.law] = m.text
	}
	if m.both {
		target["value"], target["averageValue"] = m.text, m.text
	}
	source := map[string]any{"target": target}
	switch m.kind {
	case "Resource", "ContainerResource":
		source["name"] = m.name
		if m.container != "" {
			source["container"] = m.container
		}
	default:
		identifier := map[string]any{"name": m.name}
		if m.selector != nil {
			identifier["selector"] = m.selector
		}
		source["metric"] = identifier
	}
	if m.kind == "Object" {
		source["describedObject"] = m.described
	}
	field := map[string]string{
		"Resource": "resource", "ContainerResource": "containerResource", "Pods": "pods", "Object": "object",
		"External": "external",
	}[m.kind]
	return map[string]any{"type": m.kind, field: source}
}

// readMetrics answers every metric of the spec.
func (g *generator) readMetrics(sync *Sync) {
	sync.Metrics = Metrics{Errors: map[string]string{}}
	// Where the target may go down to zero, it does so only if all metrics are quiet together.
	quiet := (g.spec.min == 0 || g.replicas == 0) && g.chance(0.4)
	for _, m := range g.spec.metrics {
		g.moveLoad(m)
		if quiet {
			m.ratio = 0
		}
		switch m.kind {
		case "Resource", "ContainerResource":
			if sync.Metrics.Resource == nil {
				sync.Metrics.Resource = map[string]map[string]Sample{}
			}
			sync.Metrics.Resource[m.key()] = g.resourceSamples(m, sync)
		case "Pods":
			if sync.Metrics.Pods == nil {
				sync.Metrics.Pods = map[string]map[string]int64{}
			}
			sync.Metrics.Pods[m.name] = g.perPod(m, sync)
		case "Object":
			if sync.Metrics.Object == nil {
				sync.Metrics.Object = map[string]int64{}
			}
			sync.Metrics.Object[m.name] = g.total(m, sync)
		case "External":
			if sync.Metrics.External == nil {
				sync.Metrics.External = map[string][]int64{}
			}
			sync.Metrics.External[m.name] = g.series(m, sync)
		}
		g.breakDown(m, sync)
	}
}

func (m *metric) key() string {
	if m.container != "" {
		return m.name + "/" + m.container
	}
	return m.name
}

func (g *generator) breakDown(m *metric, sync *Sync) {
	if m.broken == 0 && g.chance(0.03) {
		m.broken = g.between(1, 3)
	}
	if m.broken == 0 {
		return
	}
	m.broken--
	kind := map[string]string{
		"Resource": "resource", "ContainerResource": "resource", "Pods": "pods", "Object": "object", "External": "external",
	}[m.kind]
	sync.Metrics.Errors[kind+"/"+m.key()] = g.errorText()
}

// moveLoad draws the next ratio of usage to target, most often one where a rule changes.
func (g *generator) moveLoad(m *metric) {
	if g.chance(0.35) {
		return
	}
	replicas := max(1, int(min(g.replicas, 1000)))
	switch g.IntN(9) {
	case 0:
		m.ratio = pick(g.random, 1, 1, 0.9, 1.1, 0.95, 1.05)
	case 1:
		m.ratio = pick(g.random, 0.8, 1.2, 0.99, 1.01, 0.43, 1.57, 0.75, 1.25, 0.5, 1.5)
	case 2:
		m.ratio = float64(g.between(0, 3*replicas)) / float64(replicas)
	case 3:
		m.ratio = pick(g.random, 0, 0.1, 0.3, 0.5)
	case 4:
		m.ratio = pick(g.random, 1.5, 2, 3, 10)
	case 5:
		m.ratio = 0.8 + 0.4*g.Float64()
	case 6:
		m.ratio = 2 * g.Float64()
	case 7:
		m.ratio *= 0.5 + g.Float64()
	case 8:
		if g.chance(0.1) {
			m.ratio = pick(g.random, 100.0, 1e6, 1e10, -1, -0.5)
		}
	}
	if m.kind == "Resource" || m.kind == "ContainerResource" {
		m.ratio = max(0, m.ratio)
	}
	m.ratio = min(m.ratio, 1e12)
}

const largest = 1<<53 - 1

func clamp(value float64) int64 {
	return int64(max(-largest, min(largest, math.Round(value))))
}

// perPod spreads the usage over the pods that have a sample, to the exact sum.
func (g *generator) perPod(m *metric, sync *Sync) map[string]int64 {
	names := g.sampledPods(sync)
	if len(names) == 0 {
		return map[string]int64{}
	}
	values := map[string]int64{}
	wanted := g.wantedSum(m, sync, names)
	left := wanted
	for i, name := range names {
		share := left / int64(len(names)-i)
		if i < len(names)-1 && share > 1 && g.chance(0.6) {
			share = share/2 + g.Int64N(share)
		}
		if i == len(names)-1 {
			share = left
		}
		share = max(-largest, min(largest, share))
		values[name] = share
		left -= share
	}
	return values
}

// wantedSum is the usage of all those pods together, or a thousandth more or less.
func (g *generator) wantedSum(m *metric, sync *Sync, names []string) int64 {
	if m.huge && g.chance(0.3) {
		return largest - g.Int64N(1000)
	}
	if m.law != "averageUtilization" {
		return clamp(m.ratio*float64(m.target)*float64(len(names)) + g.nudge())
	}
	requests := float64(0)
	for _, pod := range sync.Pods {
		if slices.Contains(names, pod.Name) {
			requests += g.request(pod, m)
		}
	}
	percent := math.Round(m.ratio*float64(m.target)) + g.nudge()
	return max(0, clamp(math.Ceil(percent*requests/100)+g.nudge()))
}

// request of a pod in milli-units, near enough to aim by.
func (g *generator) request(pod *Pod, m *metric) float64 {
	total := 0.0
	for _, container := range pod.Containers {
		if m.container != "" && m.container != container.Name {
			continue
		}
		if list, err := requestsOf(container.Requests); err == nil {
			for name, quantity := range list {
				if string(name) == m.name {
					total += float64(quantity.MilliValue())
				}
			}
		}
	}
	return total
}

// sampledPods have a sample; some pods are missing now and then, and some samples belong to nobody.
func (g *generator) sampledPods(sync *Sync) []string {
	var names []string
	gaps := pick(g.random, 0, 0, 0, 0, 0.1, 0.4, 1)
	if gaps == 1 && g.chance(0.7) {
		gaps = 0
	}
	for _, pod := range sync.Pods {
		known := pod.Phase == "Running" || g.chance(0.3)
		if known && !g.chance(gaps) {
			names = append(names, pod.Name)
		}
	}
	if g.chance(0.05) {
		names = append(names, "stranger-1", "stranger-2")
	}
	return names
}

func (g *generator) resourceSamples(m *metric, sync *Sync) map[string]Sample {
	samples := map[string]Sample{}
	pods := map[string]*Pod{}
	for _, pod := range sync.Pods {
		pods[pod.Name] = pod
	}
	values := g.perPod(m, sync)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		window := pick(g.random, 30.0, 30, 15, 60, 0, 12.345)
		sample := Sample{Value: values[name], Timestamp: g.at - pick(g.random, 0.0, 5, 10, 15, 60), Window: window}
		if pod := pods[name]; pod != nil && g.chance(0.3) {
			sample.Timestamp = pod.ReadySince + window + pick(g.random, 0, 0, 0.001, -0.001, 1e-6)
		}
		samples[name] = sample
	}
	return samples
}

// total is the usage of an object or of external series.
func (g *generator) total(m *metric, sync *Sync) int64 {
	target := float64(m.target)
	replicas := float64(max(1, min(sync.StatusReplicas, 1000)))
	switch {
	case m.huge && g.chance(0.5):
		return largest - g.Int64N(1000)
	case g.chance(0.05):
		return 0
	case m.law == "value":
		return clamp(m.ratio*target + g.nudge())
	}
	return clamp(m.ratio*target*replicas + g.nudge())
}

func (g *generator) series(m *metric, sync *Sync) []int64 {
	if g.chance(0.02) {
		return []int64{}
	}
	if g.chance(0.004) {
		// So many that their sum does not fit 64 bits.
		return slices.Repeat([]int64{largest}, pick(g.random, 1025, 1100, 2100))
	}
	total := g.total(m, sync)
	parts := make([]int64, 0, 4)
	for range g.between(0, 3) {
		part := total / 2
		if g.chance(0.1) {
			part = -part
		}
		parts = append(parts, part)
		total = max(-largest, min(largest, total-part))
	}
	return append(parts, total)
}

func (m *metric) String() string { return fmt.Sprintf("%s %s %s", m.kind, m.key(), m.law) }
