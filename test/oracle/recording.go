package main

import (
	"encoding/json"
	"math"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
)

// Recording is what one HorizontalPodAutoscaler saw and did, sync by sync. Times are seconds since the autoscaler was
// created, values are milli-units.
type Recording struct {
	ID         string `json:"id"`
	Kubernetes string `json:"kubernetes"`
	// Namespace and Name of the autoscaler; default/web if they are empty.
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	// FeatureGates that differ from their defaults.
	FeatureGates map[string]bool `json:"featureGates,omitempty"`
	// Controller has the flags of kube-controller-manager that differ from their defaults.
	Controller *Flags `json:"controller,omitempty"`
	// HPA is the spec as it was applied, before defaulting.
	HPA   json.RawMessage `json:"hpa"`
	Syncs []*Sync         `json:"syncs"`
	// Counters are the controller's own, by metric and labels, for the whole recording.
	Counters map[string]int `json:"counters,omitempty"`
}

// Flags of the controller, in seconds but for the tolerance.
type Flags struct {
	Tolerance               *float64 `json:"tolerance,omitempty"`
	DownscaleStabilization  *float64 `json:"downscaleStabilization,omitempty"`
	CPUInitializationPeriod *float64 `json:"cpuInitializationPeriod,omitempty"`
	InitialReadinessDelay   *float64 `json:"initialReadinessDelay,omitempty"`
}

// Sync is one reconcile: what the controller saw, and what came of it.
type Sync struct {
	At float64 `json:"at"`
	// Restart says that the controller lost its memory before this sync.
	Restart        bool            `json:"restart,omitempty"`
	Spec           json.RawMessage `json:"spec,omitempty"`
	SpecReplicas   int32           `json:"specReplicas"`
	StatusReplicas int32           `json:"statusReplicas"`
	Selector       string          `json:"selector"`
	ScaleError     string          `json:"scaleError,omitempty"`
	UpdateError    string          `json:"updateError,omitempty"`
	Pods           []*Pod          `json:"pods"`
	Metrics        Metrics         `json:"metrics"`
	Outcome        *Outcome        `json:"outcome,omitempty"`
	Events         []Event         `json:"events"`
}

// Pod is one that the scale's selector lists.
type Pod struct {
	Name           string      `json:"name"`
	Phase          string      `json:"phase"`
	Ready          string      `json:"ready,omitempty"`
	ReadySince     float64     `json:"readySince"`
	StartTime      *float64    `json:"startTime,omitempty"`
	Deleting       bool        `json:"deleting,omitempty"`
	Containers     []Container `json:"containers"`
	InitContainers []Container `json:"initContainers,omitempty"`
	Resources      *Resources  `json:"resources,omitempty"`
	// Overhead of the pod's runtime class, by resource.
	Overhead map[string]string `json:"overhead,omitempty"`
}

// Container of a pod; the restart policy is that of an init container.
type Container struct {
	Name          string            `json:"name"`
	RestartPolicy string            `json:"restartPolicy,omitempty"`
	Requests      map[string]string `json:"requests,omitempty"`
}

// Resources that a pod requests as a whole.
type Resources struct {
	Requests map[string]string `json:"requests,omitempty"`
}

// Metrics are the answers of the metrics APIs.
type Metrics struct {
	Resource map[string]map[string]Sample `json:"resource,omitempty"`
	Pods     map[string]map[string]int64  `json:"pods,omitempty"`
	Object   map[string]int64             `json:"object,omitempty"`
	External map[string][]int64           `json:"external,omitempty"`
	Errors   map[string]string            `json:"errors,omitempty"`
}

// Sample of a resource metric.
type Sample struct {
	Value     int64   `json:"value"`
	Timestamp float64 `json:"timestamp"`
	Window    float64 `json:"window"`
}

// Outcome is the status as stored after a sync, and the scale that was written.
type Outcome struct {
	DesiredReplicas int32                        `json:"desiredReplicas"`
	Rescale         *int32                       `json:"rescale,omitempty"`
	Conditions      []Condition                  `json:"conditions"`
	CurrentMetrics  []autoscalingv2.MetricStatus `json:"currentMetrics"`
}

// Condition without its transition time.
type Condition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// Event on the autoscaler.
type Event struct {
	Type    string `json:"type"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// seconds becomes nanoseconds by truncation.
func seconds(value float64) time.Duration {
	return time.Duration(math.Trunc(value * 1e9))
}
