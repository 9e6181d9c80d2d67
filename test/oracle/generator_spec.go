package main

import (
	"encoding/json"
	"fmt"
	"math"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/kubernetes/pkg/features"
)

// spec of an autoscaler, as somebody would write it.
type spec struct {
	min, max int32
	// minWritten says whether minReplicas stands in the spec.
	minWritten bool
	metrics    []*metric
	// defaulted says that no metric is written, so that the API server fills in CPU at 80 %.
	defaulted bool
	behavior  map[string]any
	kind      string
	// apiVersion of the target.
	apiVersion string
}

func (s *spec) json() json.RawMessage {
	target := map[string]any{"kind": s.kind, "name": "web"}
	if s.apiVersion != "" {
		target["apiVersion"] = s.apiVersion
	}
	written := map[string]any{"scaleTargetRef": target, "maxReplicas": s.max}
	if s.minWritten {
		written["minReplicas"] = s.min
	}
	if s.behavior != nil {
		written["behavior"] = s.behavior
	}
	if !s.defaulted {
		metrics := make([]any, len(s.metrics))
		for i, metric := range s.metrics {
			metrics[i] = metric.written()
		}
		written["metrics"] = metrics
	}
	text, err := json.Marshal(written)
	if err != nil {
		panic(err)
	}
	return text
}

func (g *generator) newSpec() spec {
	s := spec{kind: pick(g.random, "Deployment", "Deployment", "StatefulSet", "ReplicaSet")}
	s.apiVersion = "apps/v1"
	if g.chance(0.02) {
		s.kind, s.apiVersion = "ReplicationController", pick(g.random, "v1", "")
	}
	if g.minor < 34 && g.chance(0.01) {
		// Later versions refuse it.
		s.apiVersion = "apps/v1/beta"
	}
	s.defaulted = g.chance(0.05)
	if s.defaulted {
		s.metrics = []*metric{defaultMetric()}
	} else {
		s.metrics = g.newMetrics()
	}
	s.min, s.max, s.minWritten = g.newBounds(s)
	s.behavior = g.newBehavior()
	return s
}

func (g *generator) newBounds(s spec) (low, high int32, written bool) {
	low = pick[int32](g.random, 1, 1, 1, 2, 3, 5, 10)
	scaleToZero := utilfeature.DefaultFeatureGate.Enabled(features.HPAScaleToZero) && s.scalesFromZero()
	if scaleToZero && g.chance(0.5) {
		low = 0
	}
	written = low != 1 || g.chance(0.5)
	high = max(1, low) + pick[int32](g.random, 0, 1, 2, 5, 10, 10, 20, 50, 100, 1000)
	if g.chance(0.04) {
		high = math.MaxInt32
	}
	return low, high, written
}

func (s *spec) scalesFromZero() bool {
	for _, metric := range s.metrics {
		if metric.kind == "Object" || metric.kind == "External" {
			return true
		}
	}
	return false
}

func (g *generator) newBehavior() map[string]any {
	switch {
	case g.chance(0.4):
		return nil
	case g.chance(0.1):
		return map[string]any{}
	case g.chance(0.25):
		return g.contrast()
	}
	behavior := map[string]any{}
	if g.chance(0.7) {
		behavior["scaleUp"] = g.newRules()
	}
	if g.chance(0.7) {
		behavior["scaleDown"] = g.newRules()
	}
	return behavior
}

// contrast has a direction that forgets at once beside one that looks far back, so that it matters which events of the
// other direction are still remembered.
func (g *generator) contrast() map[string]any {
	rules := func(period, window int) map[string]any {
		policy := map[string]any{
			"type": pick(g.random, "Pods", "Percent"), "value": pick(g.random, 2, 4, 8, 20, 50), "periodSeconds": period,
		}
		return map[string]any{"stabilizationWindowSeconds": window, "policies": []any{policy}}
	}
	short := rules(pick(g.random, 1, 5, 15), 0)
	long := rules(pick(g.random, 300, 600, 1800), pick(g.random, 0, 0, 30))
	if g.chance(0.5) {
		return map[string]any{"scaleUp": short, "scaleDown": long}
	}
	return map[string]any{"scaleUp": long, "scaleDown": short}
}

func (g *generator) newRules() map[string]any {
	rules := map[string]any{}
	if g.chance(0.6) {
		rules["stabilizationWindowSeconds"] = pick(g.random, 0, 0, 1, 15, 30, 45, 60, 120, 300, 600, 3600)
	}
	if g.chance(0.5) {
		rules["selectPolicy"] = pick(g.random, "Max", "Max", "Min", "Min", "Disabled")
	}
	if g.minor >= 33 && g.chance(0.35) {
		rules["tolerance"] = pick[any](g.random, "0", "0.01", "50m", "0.1", "200m", "0.25", "0.57", "570m", "1", "2.5", "1e-3", 0)
	}
	if g.chance(0.7) {
		policies := make([]any, g.between(1, 3))
		for i := range policies {
			policies[i] = map[string]any{
				"type":          pick(g.random, "Pods", "Percent"),
				"value":         pick(g.random, 1, 1, 2, 3, 4, 5, 8, 10, 10, 20, 50, 80, 90, 100, 150, 200, 1000, math.MaxInt32),
				"periodSeconds": pick(g.random, 1, 5, 10, 14, 15, 15, 16, 30, 30, 45, 60, 60, 90, 120, 180, 300, 600, 1800),
			}
		}
		rules["policies"] = policies
	}
	return rules
}

// edit changes one thing of the spec, as a person would between two syncs.
func (g *generator) edit() {
	s := &g.spec
	switch g.IntN(6) {
	case 0:
		s.behavior = g.newBehavior()
	case 1:
		s.min, s.max, s.minWritten = g.newBounds(*s)
	case 2:
		s.max = max(s.max/2, s.min, 1)
	case 3:
		metric := pick(g.random, s.metrics...)
		if !s.defaulted {
			metric.target = max(1, metric.target*pick[int64](g.random, 1, 1, 2, 3)/pick[int64](g.random, 1, 2, 3))
			metric.text = g.quantity(metric.target)
		}
	case 4:
		if s.min == 0 {
			return
		}
		s.defaulted = false
		s.metrics = g.newMetrics()
	case 5:
		if !s.defaulted {
			g.Shuffle(len(s.metrics), func(i, j int) { s.metrics[i], s.metrics[j] = s.metrics[j], s.metrics[i] })
		}
	}
}

// quantity writes thousandths in one of the ways that people write them.
func (g *generator) quantity(milli int64) any {
	switch {
	case milli%1000 == 0 && milli < 1e12 && g.chance(0.1):
		return milli / 1000
	case milli%1000 == 0 && g.chance(0.6):
		return fmt.Sprint(milli / 1000)
	case milli%1_000_000 == 0 && g.chance(0.5):
		return fmt.Sprintf("%dk", milli/1_000_000)
	case milli%1_024_000 == 0 && g.chance(0.7):
		return fmt.Sprintf("%dKi", milli/1_024_000)
	case milli < 1e9 && g.chance(0.3):
		return fmt.Sprintf("%d.%03d", milli/1000, milli%1000)
	case milli < 1e6 && g.chance(0.1):
		return fmt.Sprintf("%de-3", milli)
	case milli < 1e6 && g.chance(0.1):
		// Rounded up to the same thousandth.
		return fmt.Sprintf("%du", milli*1000-int64(g.between(0, 999)))
	}
	return fmt.Sprintf("%dm", milli)
}
