package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install" // the versions of the API group
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
)

// lenient drops fields that this version does not know, strict refuses them, as kubectl asks the API server to do.
var (
	lenient = legacyscheme.Codecs.UniversalDecoder(autoscaling.SchemeGroupVersion)
	strict  = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).
		UniversalDecoder(autoscaling.SchemeGroupVersion)
)

// question is one line of what the API server is asked: about a new autoscaler, about a change of an old one, about
// the text of a selector or about a selector in an object.
type question struct {
	Namespace string          `json:"namespace"`
	Name      string          `json:"name"`
	Spec      json.RawMessage `json:"spec"`
	Old       json.RawMessage `json:"old"`

	SelectorText *string    `json:"selectorText"`
	Labels       labels.Set `json:"labels"`

	LabelSelector *metav1.LabelSelector `json:"labelSelector"`
}

// specAnswer has the spec as stored, or all that is wrong with it, or why it could not be read.
type specAnswer struct {
	Spec   *autoscalingv2.HorizontalPodAutoscalerSpec `json:"spec,omitempty"`
	Errors []string                                   `json:"errors,omitempty"`
	Decode string                                     `json:"decode,omitempty"`
}

// selectorAnswer has the canonical text of a selector and whether it matches the labels, or what is wrong with it.
type selectorAnswer struct {
	Text    *string `json:"text,omitempty"`
	Matches *bool   `json:"matches,omitempty"`
	Error   string  `json:"error,omitempty"`
}

// admit does to a spec what the API server does to a new autoscaler: decodes, defaults and validates it, and drops the
// fields that feature gates close.
func admit(namespace, name string, spec json.RawMessage) (*autoscalingv2.HorizontalPodAutoscaler, error) {
	hpa, err := decodeHPA(lenient, namespace, name, spec)
	if err != nil {
		return nil, err
	}
	if err := rest.BeforeCreate(horizontalpodautoscaler.Strategy, requestContext("create", namespace), hpa); err != nil {
		return nil, fmt.Errorf("invalid spec: %w", err)
	}
	hpa.UID, hpa.ResourceVersion, hpa.CreationTimestamp = "", "", metav1.Time{}
	return versioned(hpa)
}

// admission is what the API server says to one question.
func admission(line []byte) any {
	asked := question{Namespace: defaultNamespace, Name: defaultName}
	if err := json.Unmarshal(line, &asked); err != nil {
		return selectorAnswer{Error: err.Error()}
	}
	switch {
	case asked.SelectorText != nil:
		return selectorAnswerOf(asked.Labels)(labels.Parse(*asked.SelectorText))
	case asked.LabelSelector != nil:
		return selectorAnswerOf(asked.Labels)(metav1.LabelSelectorAsSelector(asked.LabelSelector))
	default:
		return specAnswerOf(asked)
	}
}

func selectorAnswerOf(set labels.Set) func(labels.Selector, error) selectorAnswer {
	return func(selector labels.Selector, err error) selectorAnswer {
		if err != nil {
			return selectorAnswer{Error: err.Error()}
		}
		text, matches := selector.String(), selector.Matches(set)
		return selectorAnswer{Text: &text, Matches: &matches}
	}
}

func specAnswerOf(asked question) specAnswer {
	hpa, err := decodeHPA(strict, asked.Namespace, asked.Name, asked.Spec)
	if err != nil {
		return specAnswer{Decode: err.Error()}
	}
	if len(asked.Old) == 0 {
		err = rest.BeforeCreate(horizontalpodautoscaler.Strategy, requestContext("create", asked.Namespace), hpa)
	} else {
		old, failed := decodeHPA(strict, asked.Namespace, asked.Name, asked.Old)
		if failed != nil {
			return specAnswer{Decode: failed.Error()}
		}
		err = rest.BeforeUpdate(horizontalpodautoscaler.Strategy, requestContext("update", asked.Namespace), hpa, old)
	}
	if err != nil {
		return specAnswer{Errors: fieldErrors(err)}
	}
	stored, err := versioned(hpa)
	if err != nil {
		return specAnswer{Decode: err.Error()}
	}
	return specAnswer{Spec: &stored.Spec}
}

// fieldErrors gives back the texts of the field errors that became causes.
func fieldErrors(err error) []string {
	var status apierrors.APIStatus
	if !errors.As(err, &status) || status.Status().Details == nil {
		return []string{err.Error()}
	}
	var texts []string
	for _, cause := range status.Status().Details.Causes {
		texts = append(texts, cause.Field+": "+cause.Message)
	}
	return texts
}

func decodeHPA(decoder runtime.Decoder, namespace, name string, spec json.RawMessage) (
	*autoscaling.HorizontalPodAutoscaler, error,
) {
	document, err := json.Marshal(map[string]any{
		"apiVersion": "autoscaling/v2",
		"kind":       "HorizontalPodAutoscaler",
		"metadata":   map[string]any{"name": name, "namespace": namespace},
		"spec":       spec,
	})
	if err != nil {
		return nil, err
	}
	decoded, _, err := decoder.Decode(document, nil, nil)
	if err != nil {
		return nil, err
	}
	hpa, ok := decoded.(*autoscaling.HorizontalPodAutoscaler)
	if !ok {
		return nil, errors.New("not a HorizontalPodAutoscaler")
	}
	// What the store fills in: an update must say which object it read.
	rest.FillObjectMetaSystemFields(hpa)
	hpa.UID, hpa.ResourceVersion = "1", "1"
	return hpa, nil
}

// requestContext names the API version whose declarative validation applies.
func requestContext(verb, namespace string) context.Context {
	ctx := genericapirequest.WithNamespace(context.Background(), namespace)
	return genericapirequest.WithRequestInfo(ctx, &genericapirequest.RequestInfo{
		IsResourceRequest: true,
		Verb:              verb,
		APIGroup:          "autoscaling",
		APIVersion:        "v2",
		Resource:          "horizontalpodautoscalers",
		Namespace:         namespace,
	})
}

func versioned(internal *autoscaling.HorizontalPodAutoscaler) (*autoscalingv2.HorizontalPodAutoscaler, error) {
	hpa := &autoscalingv2.HorizontalPodAutoscaler{}
	return hpa, legacyscheme.Scheme.Convert(internal, hpa, nil)
}
