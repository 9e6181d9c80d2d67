package main

import (
	"fmt"
	"maps"
	"slices"
)

// layout is the pod template of the target.
type layout struct {
	containers     []Container
	initContainers []Container
	resources      *Resources
	overhead       map[string]string
	// covered says that containers leave out a request because the pod has one.
	covered bool
	// storage says that containers request storage too.
	storage bool
}

// scalable are the containers that a metric may be about.
func (l *layout) scalable() []Container {
	containers := l.containers
	for _, container := range l.initContainers {
		if container.RestartPolicy == "Always" {
			containers = append(containers[:len(containers):len(containers)], container)
		}
	}
	return containers
}

func (g *generator) newLayout() layout {
	l := layout{storage: g.chance(0.1)}
	for _, name := range []string{"app", "helper", "log"}[:pick(g.random, 1, 1, 2, 3)] {
		l.containers = append(l.containers, Container{Name: name, Requests: g.newRequests(l.storage)})
	}
	if g.chance(0.3) {
		for i := range g.between(1, 3) {
			container := Container{Name: pick(g.random, "proxy", "setup", "wait") + fmt.Sprint(i), Requests: g.newRequests(l.storage)}
			if g.chance(0.6) {
				container.RestartPolicy = "Always"
			}
			l.initContainers = append(l.initContainers, container)
		}
	}
	if g.minor >= 32 && g.chance(0.3) {
		l.resources = g.newPodResources()
		if g.chance(0.3) {
			l.overhead = map[string]string{"cpu": "10m", "memory": "16Mi"}
		}
		g.dropCoveredRequests(&l)
	}
	return l
}

func (g *generator) newRequests(storage bool) map[string]string {
	requests := map[string]string{
		"cpu":    pick(g.random, "100m", "250m", "1", "1500m", "333m", "2.5", "50m", "1e2", "0.001", "0"),
		"memory": pick(g.random, "128Mi", "1Gi", "500M", "1e8", "64Gi", "123456789", "3Ki"),
	}
	if g.chance(0.02) {
		// Four of these overflow an int64 of milli-units to zero.
		requests[pick(g.random, "cpu", "memory")] = "4611686018427387904m"
	}
	if storage {
		requests["ephemeral-storage"] = pick(g.random, "1Gi", "500M")
	}
	return requests
}

func (g *generator) newPodResources() *Resources {
	requests := map[string]string{}
	if g.chance(0.4) {
		requests["cpu"] = pick(g.random, "1", "2500m", "100m")
	}
	if g.chance(0.4) {
		requests["memory"] = pick(g.random, "1Gi", "777M")
	}
	if g.chance(0.3) {
		requests["hugepages-2Mi"] = "4Mi"
	}
	if g.chance(0.15) {
		requests["ephemeral-storage"] = "1Gi"
	}
	return &Resources{Requests: requests}
}

// dropCoveredRequests leaves out requests of containers that nobody misses because the pod has one of its own.
func (g *generator) dropCoveredRequests(l *layout) {
	if g.minor < 34 || g.options.featureGates != "" {
		return
	}
	for _, name := range []string{"cpu", "memory"} {
		if _, covered := l.resources.Requests[name]; !covered || !g.chance(0.3) {
			continue
		}
		l.covered = true
		for i := range l.containers {
			if g.chance(0.7) {
				delete(l.containers[i].Requests, name)
			}
		}
	}
}

// simulatedPod goes through the life of a pod. Times are seconds since the autoscaler was created.
type simulatedPod struct {
	name             string
	started, readied float64
	phase            string
	ready            string
	readySince       float64
	noStartTime      bool
	deletedAt        float64
	deleting         bool
	// lacks is the resource that the pod does not request where it should.
	lacks              string
	lacksContainer     bool
	lacksInSidecar     bool
	willRun, willReady bool
}

func (p *simulatedPod) live() bool {
	return !p.deleting && p.phase != "Failed" && p.phase != "Succeeded"
}

func (g *generator) startPods() {
	g.fillUp()
	for _, pod := range g.pods {
		if g.chance(0.85) {
			age := pick(g.random, 1000, 500, 301, 300, 299, 60, 30, 15.5)
			pod.started = g.at - age
			pod.readied = pod.started + pick(g.random, 0, 1, 10, 29, 30, 31, 45.25)
		}
	}
}

// fillUp creates the pods that the scale asks for.
func (g *generator) fillUp() {
	live := 0
	for _, pod := range g.pods {
		if pod.live() {
			live++
		}
	}
	for ; live < min(int(g.replicas), g.options.pods); live++ {
		g.pods = append(g.pods, g.newPod())
	}
	for i := len(g.pods) - 1; i >= 0 && live > int(g.replicas); i-- {
		if g.pods[i].live() {
			g.pods[i].deleting = true
			g.pods[i].deletedAt = g.at
			live--
		}
	}
}

func (g *generator) newPod() *simulatedPod {
	started := g.at + pick(g.random, 0, 0, 1, 2.5, 5, 15, 30, 100)
	pod := &simulatedPod{
		name:        fmt.Sprintf("web-%d", g.created),
		phase:       "Pending",
		started:     started,
		readied:     started + pick(g.random, 0, 1, 5, 10, 15, 29.999, 30, 30.001, 60, 300, 1e6),
		noStartTime: g.chance(0.02),
	}
	if g.chance(0.03) && !g.someoneLacks() {
		pod.lacks = pick(g.random, "cpu", "memory")
		pod.lacksContainer = g.chance(0.4)
		pod.lacksInSidecar = g.chance(0.5)
	}
	g.created++
	return pod
}

// someoneLacks: the controller names an arbitrary one of several pods that lack a request.
func (g *generator) someoneLacks() bool {
	for _, pod := range g.pods {
		if pod.lacks != "" {
			return true
		}
	}
	return false
}

// stepPods lets time pass for all pods.
func (g *generator) stepPods() {
	kept := g.pods[:0]
	for _, pod := range g.pods {
		if !pod.deleting || g.at-pod.deletedAt <= 30 {
			kept = append(kept, pod)
		}
	}
	g.pods = kept
	g.fillUp()
	for _, pod := range g.pods {
		g.stepPod(pod)
	}
	if most := 2 * g.options.pods; len(g.pods) > most {
		g.pods = g.pods[len(g.pods)-most:]
	}
}

func (g *generator) stepPod(pod *simulatedPod) {
	if pod.phase == "Pending" && g.at >= pod.started {
		pod.phase, pod.willRun = "Running", true
		pod.ready, pod.readySince = "False", pod.started
		if g.chance(0.05) {
			pod.ready = ""
		}
	}
	if pod.phase == "Running" && !pod.willReady && g.at >= pod.readied {
		pod.willReady = true
		pod.ready, pod.readySince = "True", pod.readied
	}
	if !g.chance(0.025) {
		return
	}
	switch g.IntN(7) {
	case 0:
		pod.phase = "Failed"
	case 1:
		pod.phase = "Succeeded"
	case 2:
		pod.phase = "Unknown"
	case 3:
		pod.ready, pod.readySince = "Unknown", g.at
	case 4:
		pod.deleting, pod.deletedAt = true, g.at
	default:
		if pod.ready == "True" {
			pod.ready = "False"
		} else {
			pod.ready = "True"
		}
		pod.readySince = pick(g.random, g.at, g.at-1, pod.started+30, pod.started)
	}
}

// recorded is the pod as the controller reads it.
func (p *simulatedPod) recorded(l layout) *Pod {
	pod := &Pod{
		Name:           p.name,
		Phase:          p.phase,
		Ready:          p.ready,
		ReadySince:     p.readySince,
		Deleting:       p.deleting,
		Containers:     l.containers,
		InitContainers: l.initContainers,
		Resources:      l.resources,
		Overhead:       l.overhead,
	}
	if !p.noStartTime && p.phase != "Pending" {
		started := p.started
		pod.StartTime = &started
	}
	if p.lacks != "" {
		p.leaveOut(pod)
	}
	return pod
}

// leaveOut takes a request, or a whole container, out of a pod.
func (p *simulatedPod) leaveOut(pod *Pod) {
	if pod.Resources != nil {
		// What the pod requests as a whole stands in for containers, unless it says nothing of this resource.
		if _, covered := pod.Resources.Requests[p.lacks]; covered {
			pod.Resources = nil
		} else {
			pod.Containers = without(p.lacks, pod.Containers)
			pod.InitContainers = without(p.lacks, pod.InitContainers)
			return
		}
	}
	last := len(pod.Containers) - 1
	switch {
	case p.lacksContainer && last > 0:
		pod.Containers = pod.Containers[:last]
	case p.lacksInSidecar && len(pod.InitContainers) > 0:
		pod.InitContainers = without(p.lacks, pod.InitContainers)
	default:
		pod.Containers = slices.Concat(pod.Containers[:last], without(p.lacks, pod.Containers[last:]))
	}
}

// without the request of a resource.
func without(resource string, containers []Container) []Container {
	result := slices.Clone(containers)
	for i := range result {
		result[i].Requests = maps.Clone(result[i].Requests)
		delete(result[i].Requests, resource)
	}
	return result
}
