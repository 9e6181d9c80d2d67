package main

import (
	"cmp"
	"context"
	"fmt"
	"sort"
	"testing/synctest"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What a recording that does not say so is about.
const (
	defaultNamespace = "default"
	defaultName      = "web"
)

// resync is shorter than any gap between two syncs: the controller then waits for its turn.
const resync = time.Millisecond

// source says what the controller sees next; what it did stands in the syncs before. The end is nil.
type source interface {
	recording() *Recording
	next() *Sync
}

// world is one autoscaler, its controller and all that the controller sees. It lives in a synctest bubble.
type world struct {
	created time.Time
	flags   Flags
	hpa     *autoscalingv2.HorizontalPodAutoscaler
	hpas    *informer
	pods    *informer
	context context.Context
	stop    context.CancelFunc

	// turn lets the controller go on with a sync, whose inputs are in sync.
	turn chan struct{}
	sync *Sync
	// What the controller did in this sync.
	rescale *int32
	written *autoscalingv2.HorizontalPodAutoscalerStatus

	// counted holds the growth of the counters up to the last call of count, mark what they were when it began.
	counted, mark counters
}

// play drives a controller through a source and fills in the outcomes.
func play(source source) (*Recording, error) {
	recording := source.recording()
	hpa, err := admit(cmp.Or(recording.Namespace, defaultNamespace), cmp.Or(recording.Name, defaultName), recording.HPA)
	if err != nil {
		return nil, err
	}
	w := &world{created: time.Now(), hpa: hpa, turn: make(chan struct{}), counted: counters{}}
	if recording.Controller != nil {
		w.flags = *recording.Controller
	}
	w.start()
	defer func() { w.stop() }()
	for sync := source.next(); sync != nil; sync = source.next() {
		if err := w.play(sync); err != nil {
			return nil, fmt.Errorf("sync at %v: %w", sync.At, err)
		}
		recording.Syncs = append(recording.Syncs, sync)
	}
	w.count()
	recording.Counters = w.counted
	return recording, nil
}

// start runs a controller that knows nothing yet.
func (w *world) start() {
	w.context, w.stop = context.WithCancel(context.Background())
	w.hpas, w.pods = newInformer(), newInformer()
	controller := newController(w.context, w)
	for _, handler := range w.hpas.handlers {
		handler.OnAdd(w.hpa, false)
	}
	w.mark = readCounters()
	go controller.Run(w.context, 1)
	synctest.Wait()
}

// count adds up what this controller counted. Stopping it is not a part of that.
func (w *world) count() { w.counted.add(w.mark, readCounters()) }

func (w *world) play(sync *Sync) error {
	if sync.Restart {
		w.count()
		w.stop()
		synctest.Wait()
		w.start()
	}
	if sync.Spec != nil {
		if err := w.edit(sync); err != nil {
			return err
		}
	}
	pods := make([]any, len(sync.Pods))
	labels, err := labelsMatching(sync.Selector)
	if err != nil {
		return err
	}
	for i, pod := range sync.Pods {
		if pods[i], err = w.pod(pod, labels); err != nil {
			return err
		}
	}
	w.must(w.pods.indexer.Replace(pods, ""))
	w.sync, w.rescale, w.written = sync, nil, nil
	log.take()

	moment := w.at(sync.At)
	time.Sleep(time.Until(moment))
	w.turn <- struct{}{}
	if !time.Now().Equal(moment) {
		return fmt.Errorf("too soon after the one before")
	}
	synctest.Wait()
	if w.written != nil {
		w.replace(func(hpa *autoscalingv2.HorizontalPodAutoscaler) { hpa.Status = *w.written })
	}
	sync.Outcome = outcomeOf(&w.hpa.Status, w.rescale)
	sync.Events = log.take()
	return nil
}

// edit replaces the spec, as an update through the API server would.
func (w *world) edit(sync *Sync) error {
	edited, err := admit(w.hpa.Namespace, w.hpa.Name, sync.Spec)
	if err != nil {
		return err
	}
	w.replace(func(hpa *autoscalingv2.HorizontalPodAutoscaler) {
		hpa.Spec = edited.Spec
		hpa.Generation++
	})
	return nil
}

func (w *world) replace(change func(*autoscalingv2.HorizontalPodAutoscaler)) {
	before := w.hpa
	w.hpa = before.DeepCopy()
	change(w.hpa)
	for _, handler := range w.hpas.handlers {
		handler.OnUpdate(before, w.hpa)
	}
	synctest.Wait()
}

func (w *world) at(moment float64) time.Time { return w.created.Add(seconds(moment)) }

func (w *world) must(err error) {
	if err != nil {
		panic(err)
	}
}

func (w *world) pod(pod *Pod, labels map[string]string) (*corev1.Pod, error) {
	result := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: pod.Name, Namespace: w.hpa.Namespace, Labels: labels},
		Status:     corev1.PodStatus{Phase: corev1.PodPhase(pod.Phase)},
	}
	if pod.Ready != "" {
		result.Status.Conditions = []corev1.PodCondition{{
			Type:               corev1.PodReady,
			Status:             corev1.ConditionStatus(pod.Ready),
			LastTransitionTime: metav1.NewTime(w.at(pod.ReadySince)),
		}}
	}
	if pod.StartTime != nil {
		result.Status.StartTime = &metav1.Time{Time: w.at(*pod.StartTime)}
	}
	if pod.Deleting {
		result.DeletionTimestamp = &metav1.Time{Time: w.created}
	}
	var err error
	if result.Spec.Containers, err = containers(pod.Containers); err != nil {
		return nil, err
	}
	if result.Spec.InitContainers, err = containers(pod.InitContainers); err != nil {
		return nil, err
	}
	if result.Spec.Overhead, err = requestsOf(pod.Overhead); err != nil {
		return nil, err
	}
	return result, setPodRequests(result, pod.Resources)
}

func containers(list []Container) ([]corev1.Container, error) {
	result := make([]corev1.Container, len(list))
	for i, container := range list {
		requests, err := requestsOf(container.Requests)
		if err != nil {
			return nil, err
		}
		result[i] = corev1.Container{Name: container.Name, Resources: corev1.ResourceRequirements{Requests: requests}}
		if container.RestartPolicy != "" {
			policy := corev1.ContainerRestartPolicy(container.RestartPolicy)
			result[i].RestartPolicy = &policy
		}
	}
	return result, nil
}

func requestsOf(requests map[string]string) (corev1.ResourceList, error) {
	if requests == nil {
		return nil, nil
	}
	list := corev1.ResourceList{}
	for name, text := range requests {
		quantity, err := resource.ParseQuantity(text)
		if err != nil {
			return nil, fmt.Errorf("request %s %q: %w", name, text, err)
		}
		list[corev1.ResourceName(name)] = quantity
	}
	return list, nil
}

func outcomeOf(status *autoscalingv2.HorizontalPodAutoscalerStatus, rescale *int32) *Outcome {
	outcome := &Outcome{
		DesiredReplicas: status.DesiredReplicas,
		Rescale:         rescale,
		CurrentMetrics:  status.CurrentMetrics,
	}
	for _, condition := range status.Conditions {
		outcome.Conditions = append(outcome.Conditions, Condition{
			Type:    string(condition.Type),
			Status:  string(condition.Status),
			Reason:  condition.Reason,
			Message: condition.Message,
		})
	}
	sort.Slice(outcome.Conditions, func(i, j int) bool {
		return outcome.Conditions[i].Type < outcome.Conditions[j].Type
	})
	return outcome
}
