package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
)

// generator makes up one autoscaler, its target and what happens to both. It is a closed loop: pods follow the scale
// that the controller writes, and usage follows the pods. Everything is drawn near the edges where rules change.
type generator struct {
	random
	minor   int
	options options
	result  *Recording

	spec    spec
	layout  layout
	pods    []*simulatedPod
	created int
	clock   clock
	at      float64
	made    int
	// replicas that the scale asks for.
	replicas int32
	selector string
	previous *Sync
}

func generateAll(o options, encoder *json.Encoder) error {
	minor, err := strconv.Atoi(strings.TrimPrefix(o.kubernetes, "1."))
	if err != nil {
		return fmt.Errorf("-kubernetes %q: %w", o.kubernetes, err)
	}
	for number := o.first; number < o.first+o.count; number++ {
		g := newGenerator(o, minor, number)
		recording, err := play(g)
		if err != nil {
			spec, _ := json.Marshal(g.result)
			return fmt.Errorf("seed %d, recording %d: %w\n%s", o.seed, number, err, spec)
		}
		if err := encoder.Encode(recording); err != nil {
			return err
		}
	}
	return nil
}

func newGenerator(o options, minor, number int) *generator {
	g := &generator{random: newRandom(o.seed, uint64(number)), minor: minor, options: o}
	g.layout = g.newLayout()
	g.spec = g.newSpec()
	g.clock = g.newClock()
	g.selector = "app=web"
	g.replicas = g.firstReplicas()
	g.at = g.firstSync()
	g.startPods()
	g.result = &Recording{
		ID:         fmt.Sprintf("%s/%d/%d", o.kubernetes, o.seed, number),
		Kubernetes: o.kubernetes,
		HPA:        g.spec.json(),
	}
	if g.chance(0.1) {
		g.result.Namespace, g.result.Name = pick(g.random, "shop", "kube-system"), pick(g.random, "", "api.v2")
	}
	if o.featureGates != "" {
		g.result.FeatureGates = map[string]bool{}
		for _, gate := range strings.Split(o.featureGates, ",") {
			name, value, _ := strings.Cut(gate, "=")
			g.result.FeatureGates[name] = value == "true"
		}
	}
	if o.flags {
		g.result.Controller = g.newFlags()
	}
	return g
}

// firstSync comes after a period; since 1.37 a new autoscaler does not have to wait.
func (g *generator) firstSync() float64 {
	if g.minor >= 37 && g.chance(0.5) {
		return 0
	}
	return pick(g.random, 15, 15, g.clock.gap(g.random))
}

func (g *generator) newFlags() *Flags {
	flags := &Flags{}
	set := func(target **float64, choices ...float64) {
		if g.chance(0.5) {
			value := pick(g.random, choices...)
			*target = &value
		}
	}
	set(&flags.Tolerance, 0, 0.01, 0.05, 0.2, 0.5)
	set(&flags.DownscaleStabilization, 0, 15, 45.5, 60, 600)
	set(&flags.CPUInitializationPeriod, 0, 30, 120)
	set(&flags.InitialReadinessDelay, 0, 10, 60)
	return flags
}

func (g *generator) firstReplicas() int32 {
	switch {
	case g.spec.max == math.MaxInt32 && g.chance(0.5):
		// Where the arithmetic of the limits overflows.
		return pick[int32](g.random, 1<<29, 1<<30-1, 1<<30, 1<<30+1, math.MaxInt32-1, math.MaxInt32)
	case g.chance(0.04):
		return 0
	case g.chance(0.1):
		return int32(g.between(0, 30))
	case g.chance(0.02):
		return g.spec.max
	}
	return g.spec.min + int32(g.between(0, int(min(g.spec.max-g.spec.min, 12))))
}

func (g *generator) recording() *Recording { return g.result }

// next makes the inputs of one sync from the state of the world after the one before.
func (g *generator) next() *Sync {
	if g.made == g.options.syncs {
		return nil
	}
	sync := &Sync{Pods: []*Pod{}}
	if g.made > 0 {
		g.follow()
		g.at += g.clock.gap(g.random)
		if g.chance(0.06) || g.raiseFromZero() {
			g.edit()
			sync.Spec = g.spec.json()
		}
		sync.Restart = g.options.restarts && g.chance(0.05)
	}
	g.made++
	g.manualScaling()
	g.stepPods()
	sync.At = g.at
	sync.SpecReplicas = g.replicas
	sync.StatusReplicas = g.statusReplicas()
	g.readScale(sync)
	g.readPods(sync)
	g.readMetrics(sync)
	if g.chance(0.03) {
		sync.UpdateError = g.errorText()
	}
	g.previous = sync
	return sync
}

// raiseFromZero takes back, now and then, that the target may have no replicas, while it has none.
func (g *generator) raiseFromZero() bool {
	if g.spec.min != 0 || g.replicas != 0 || !g.chance(0.3) {
		return false
	}
	g.spec.min, g.spec.minWritten = int32(g.between(1, 3)), true
	g.spec.max = max(g.spec.max, g.spec.min)
	return true
}

// follow lets the target take over what the controller wrote.
func (g *generator) follow() {
	// The API server would refuse a negative count, which overflows lead to.
	if rescale := g.previous.Outcome.Rescale; rescale != nil && *rescale >= 0 {
		g.replicas = *rescale
	}
}

func (g *generator) manualScaling() {
	switch {
	case g.chance(0.012):
		g.replicas = 0
	case g.chance(0.035):
		g.replicas = int32(g.between(0, int(min(int64(g.spec.max)+3, 40))))
	case g.replicas == 0 && g.chance(0.3):
		g.replicas = int32(g.between(1, 5))
	}
}

func (g *generator) statusReplicas() int32 {
	// A target with more pods than are simulated has all of them in its status, but lists only these.
	if int(g.replicas) > g.options.pods {
		return g.replicas
	}
	live := int32(0)
	for _, pod := range g.pods {
		if pod.live() {
			live++
		}
	}
	if g.chance(0.1) {
		live = max(0, live+int32(g.between(-2, 3)))
	}
	return live
}

func (g *generator) readScale(sync *Sync) {
	if g.chance(0.02) {
		sync.ScaleError = g.errorText()
	}
	switch {
	case g.chance(0.01):
		g.selector = "app=web"
	case g.chance(0.008):
		g.selector = g.oddSelector()
	}
	sync.Selector = g.selector
}

func (g *generator) oddSelector() string {
	if g.chance(0.5) {
		return pick(g.random, "", "app in (web,api),!canary", "tier notin (db)", "app", "!gone", "replicas>3", "age<-1",
			"app==web,,", "app=web,", "app=web)", "app in web", "app in (", "app in (web", "app in ()", "=web", "-app=web",
			"app=-web", "app=web=", "a b", "example.com/app=web", "example.com/a/b=c", "/app=web", "app>x", "app>",
			"app in (a,,b),x", "app in (,)", "in in (in)", "notin", "app=in", "app!=web", "ä=b", "app=ä", "a\tin\n(b)",
			strings.Repeat("a", 64)+"=b", "a="+strings.Repeat("b", 64), "App.Kubernetes.io/name=x", "app=!web", "!!app",
			"app=(web)", "x=a,x=b", "!=a", "a=b c", "%d=%s", "50%")
	}
	tokens := []string{"app", "web", "=", "==", "!=", "in", "notin", "(", ")", ",", "!", "<", ">", "7", " ", "-", "x/y"}
	var text strings.Builder
	for range g.between(1, 9) {
		text.WriteString(pick(g.random, tokens...))
		if g.chance(0.3) {
			text.WriteString(" ")
		}
	}
	return text.String()
}

// readPods lists the pods that the selector selects.
func (g *generator) readPods(sync *Sync) {
	parsed, err := labels.Parse(sync.Selector)
	made, madeErr := labelsMatching(sync.Selector)
	if err == nil && (madeErr != nil || !parsed.Matches(labels.Set(made))) {
		return
	}
	for _, pod := range g.pods {
		sync.Pods = append(sync.Pods, pod.recorded(g.layout))
	}
	if g.chance(0.01) {
		sync.Pods = []*Pod{}
	}
}

// errorText is one that a server or a network could give; formatting verbs in it must come through unharmed.
func (g *generator) errorText() string {
	return pick(g.random,
		"the server is currently unable to handle the request (get pods.metrics.k8s.io)",
		`deployments.apps "web" not found`,
		"Get \"https://10.96.0.1:443/apis\": dial tcp 10.96.0.1:443: connect: connection refused",
		"unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered",
		"50% of requests failed", "100%", "%d of %s: %v%%", "%", "%!", "%[1]d", "%-5.2f %+v %#x %*d", "% d %é %", "%.*f%.3s",
		"%[x", "%[1", "%[]d %[2].3d %[1]*d %.[1]d", "%[9999999]d", "%99999999d is too wide", "%7", "%0-12[3]v",
		"bad \"quotes\" \\ and ünïcode ☃ <&>", "two\nlines", "x")
}
