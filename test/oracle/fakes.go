package main

import (
	"context"
	"errors"
	"time"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	autoscalinginformers "k8s.io/client-go/informers/autoscaling/v2"
	coreinformers "k8s.io/client-go/informers/core/v1"
	autoscalingclient "k8s.io/client-go/kubernetes/typed/autoscaling/v2"
	coreclient "k8s.io/client-go/kubernetes/typed/core/v1"
	autoscalinglisters "k8s.io/client-go/listers/autoscaling/v2"
	corelisters "k8s.io/client-go/listers/core/v1"
	scaleclient "k8s.io/client-go/scale"
	"k8s.io/client-go/tools/cache"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

// What the controller talks to. Each fake embeds the interface that it stands for, so that it fits every version of
// Kubernetes; calling a method that is not here is a nil dereference, and so is noticed.

// informer is a cache that is filled by hand and tells its handlers only what it is told to.
type informer struct {
	cache.SharedIndexInformer
	indexer  cache.Indexer
	handlers []cache.ResourceEventHandler
}

func newInformer() *informer {
	byNamespace := cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc}
	return &informer{indexer: cache.NewIndexer(cache.MetaNamespaceKeyFunc, byNamespace)}
}

func (i *informer) AddEventHandlerWithResyncPeriod(
	handler cache.ResourceEventHandler, _ time.Duration,
) (cache.ResourceEventHandlerRegistration, error) {
	i.handlers = append(i.handlers, handler)
	return i, nil
}

func (i *informer) HasSynced() bool       { return true }
func (i *informer) GetStore() cache.Store { return i.indexer }

type hpaInformer struct {
	autoscalinginformers.HorizontalPodAutoscalerInformer
	world *world
}

func (i hpaInformer) Informer() cache.SharedIndexInformer { return i.world.hpas }
func (i hpaInformer) Lister() autoscalinglisters.HorizontalPodAutoscalerLister {
	return hpaLister{world: i.world}
}

// hpaLister has the autoscaler. Reading it is the first thing that the controller does in a sync, so this is where it
// waits for its turn: whatever woke it up, it sees nothing of what came before.
type hpaLister struct {
	autoscalinglisters.HorizontalPodAutoscalerLister
	autoscalinglisters.HorizontalPodAutoscalerNamespaceLister
	world *world
}

func (l hpaLister) HorizontalPodAutoscalers(string) autoscalinglisters.HorizontalPodAutoscalerNamespaceLister {
	return l
}

func (l hpaLister) Get(string) (*autoscalingv2.HorizontalPodAutoscaler, error) {
	select {
	case <-l.world.turn:
		return l.world.hpa, nil
	case <-l.world.context.Done():
		return nil, l.world.context.Err()
	}
}

func (l hpaLister) List(labels.Selector) ([]*autoscalingv2.HorizontalPodAutoscaler, error) {
	return []*autoscalingv2.HorizontalPodAutoscaler{l.world.hpa}, nil
}

type podInformer struct {
	coreinformers.PodInformer
	*informer
}

func (i podInformer) Informer() cache.SharedIndexInformer { return i.informer }
func (i podInformer) Lister() corelisters.PodLister       { return corelisters.NewPodLister(i.indexer) }

// mapper knows one kind, whatever it is called.
type mapper struct{ apimeta.RESTMapper }

func (mapper) RESTMappings(kind schema.GroupKind, _ ...string) ([]*apimeta.RESTMapping, error) {
	resource := schema.GroupVersionResource{Group: kind.Group, Version: "v1", Resource: "workloads"}
	return []*apimeta.RESTMapping{{Resource: resource, GroupVersionKind: kind.WithVersion("v1")}}, nil
}

// scales is the scale subresource of the target.
type scales struct {
	scaleclient.ScaleInterface
	world *world
}

func (s scales) Scales(string) scaleclient.ScaleInterface { return s }

func (s scales) Get(_ context.Context, _ schema.GroupResource, name string, _ metav1.GetOptions) (
	*autoscalingv1.Scale, error,
) {
	sync := s.world.sync
	if sync.ScaleError != "" {
		return nil, errors.New(sync.ScaleError)
	}
	return &autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: s.world.hpa.Namespace},
		Spec:       autoscalingv1.ScaleSpec{Replicas: sync.SpecReplicas},
		Status:     autoscalingv1.ScaleStatus{Replicas: sync.StatusReplicas, Selector: sync.Selector},
	}, nil
}

func (s scales) Update(
	_ context.Context, _ schema.GroupResource, scale *autoscalingv1.Scale, _ metav1.UpdateOptions,
) (*autoscalingv1.Scale, error) {
	if s.world.sync.UpdateError != "" {
		return nil, errors.New(s.world.sync.UpdateError)
	}
	replicas := scale.Spec.Replicas
	s.world.rescale = &replicas
	return scale, nil
}

// hpas takes the controller's writes of the status.
type hpas struct {
	autoscalingclient.HorizontalPodAutoscalerInterface
	world *world
}

func (h hpas) HorizontalPodAutoscalers(string) autoscalingclient.HorizontalPodAutoscalerInterface {
	return h
}

func (h hpas) UpdateStatus(
	_ context.Context, hpa *autoscalingv2.HorizontalPodAutoscaler, _ metav1.UpdateOptions,
) (*autoscalingv2.HorizontalPodAutoscaler, error) {
	h.world.written = hpa.Status.DeepCopy()
	return hpa, nil
}

// events forgets what it is given: the log has every event before they are aggregated.
type events struct{ coreclient.EventInterface }

func (e events) Events(string) coreclient.EventInterface { return e }
func (events) CreateWithEventNamespace(event *corev1.Event) (*corev1.Event, error) {
	return event, nil
}
func (events) UpdateWithEventNamespace(event *corev1.Event) (*corev1.Event, error) {
	return event, nil
}
func (events) PatchWithEventNamespace(event *corev1.Event, _ []byte) (*corev1.Event, error) {
	return event, nil
}
func (events) CreateWithEventNamespaceWithContext(_ context.Context, event *corev1.Event) (*corev1.Event, error) {
	return event, nil
}
func (events) UpdateWithEventNamespaceWithContext(_ context.Context, event *corev1.Event) (*corev1.Event, error) {
	return event, nil
}
func (events) PatchWithEventNamespaceWithContext(
	_ context.Context, event *corev1.Event, _ []byte,
) (*corev1.Event, error) {
	return event, nil
}

// metricsAPI answers what the sync says, with the errors that the controller's own client would give.
type metricsAPI struct{ world *world }

var _ metricsclient.MetricsClient = metricsAPI{}

func (m metricsAPI) fetchError(key string) error {
	if text, found := m.world.sync.Metrics.Errors[key]; found {
		return errors.New(text)
	}
	return nil
}

func (m metricsAPI) GetResourceMetric(
	_ context.Context, resource corev1.ResourceName, _ string, _ labels.Selector, container string,
) (metricsclient.PodMetricsInfo, time.Time, error) {
	key := string(resource)
	if container != "" {
		key += "/" + container
	}
	if err := m.fetchError("resource/" + key); err != nil {
		return nil, time.Time{}, err
	}
	info := metricsclient.PodMetricsInfo{}
	for pod, sample := range m.world.sync.Metrics.Resource[key] {
		info[pod] = metricsclient.PodMetric{
			Timestamp: m.world.at(sample.Timestamp),
			Window:    seconds(sample.Window),
			Value:     sample.Value,
		}
	}
	if len(info) == 0 {
		return nil, time.Time{}, errors.New("no metrics returned from resource metrics API")
	}
	return info, time.Time{}, nil
}

func (m metricsAPI) GetRawMetric(name, _ string, _, _ labels.Selector) (
	metricsclient.PodMetricsInfo, time.Time, error,
) {
	if err := m.fetchError("pods/" + name); err != nil {
		return nil, time.Time{}, err
	}
	info := metricsclient.PodMetricsInfo{}
	for pod, value := range m.world.sync.Metrics.Pods[name] {
		info[pod] = metricsclient.PodMetric{Timestamp: time.Now(), Window: time.Minute, Value: value}
	}
	if len(info) == 0 {
		return nil, time.Time{}, errors.New("no metrics returned from custom metrics API")
	}
	return info, time.Time{}, nil
}

func (m metricsAPI) GetObjectMetric(
	name, _ string, _ *autoscalingv2.CrossVersionObjectReference, _ labels.Selector,
) (int64, time.Time, error) {
	if err := m.fetchError("object/" + name); err != nil {
		return 0, time.Time{}, err
	}
	return m.world.sync.Metrics.Object[name], time.Time{}, nil
}

func (m metricsAPI) GetExternalMetric(name, _ string, _ labels.Selector) ([]int64, time.Time, error) {
	if err := m.fetchError("external/" + name); err != nil {
		return nil, time.Time{}, err
	}
	return m.world.sync.Metrics.External[name], time.Time{}, nil
}
