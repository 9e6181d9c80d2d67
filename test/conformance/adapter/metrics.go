package main

import (
	"context"
	"errors"
	"math"
	"strconv"
	"sync"
	"time"

	pmodel "github.com/prometheus/common/model"
	apierr "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/custom-metrics-apiserver/pkg/provider"
	prom "sigs.k8s.io/prometheus-adapter/pkg/client"
	"sigs.k8s.io/prometheus-adapter/pkg/config"
	custom "sigs.k8s.io/prometheus-adapter/pkg/custom-provider"
	external "sigs.k8s.io/prometheus-adapter/pkg/external-provider"
	"sigs.k8s.io/prometheus-adapter/pkg/naming"
)

type metricsRequest struct {
	YAML      []byte
	Resources []resource
	// What Prometheus lists, by selector.
	Series map[string][]map[string]string
	// What Prometheus answers to any query.
	Samples  []sample
	Scalar   *string
	Custom   []customMetricRequest
	External []externalMetricRequest
}

type sample struct {
	Labels map[string]string
	Value  string
}

type customMetricRequest struct {
	Group, Resource, Namespace, Name, Metric, Selector string
	Namespaced                                         bool
}

type externalMetricRequest struct{ Namespace, Metric, Selector string }

type metricsAnswer struct {
	Error            string
	Listed           []string
	ListedExternal   []string
	Custom, External []metricAnswer
}

type metricAnswer struct {
	Query  string
	Values []string
	Code   int32
	Error  string
}

// fakeClient answers every query alike, and tells what it was asked.
type fakeClient struct {
	request metricsRequest
	mu      sync.Mutex
	listed  map[prom.Selector]int
	again   chan struct{}
	query   string
}

func (c *fakeClient) Series(_ context.Context, _ pmodel.Interval, selectors ...prom.Selector) ([]prom.Series, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	series := []prom.Series{}
	for _, selector := range selectors {
		c.listed[selector]++
		// A second listing begins after the first was stored.
		if c.listed[selector] == 2 && c.again != nil {
			close(c.again)
			c.again = nil
		}
		for _, labels := range c.request.Series[string(selector)] {
			series = append(series, seriesOf(labels))
		}
	}
	return series, nil
}

func (c *fakeClient) Query(_ context.Context, at pmodel.Time, query prom.Selector) (prom.QueryResult, error) {
	c.query = string(query)
	if c.request.Scalar != nil {
		return prom.QueryResult{Type: pmodel.ValScalar, Scalar: &pmodel.Scalar{Value: number(*c.request.Scalar), Timestamp: at}}, nil
	}
	vector := pmodel.Vector{}
	for _, s := range c.request.Samples {
		metric := pmodel.Metric{}
		for name, value := range s.Labels {
			metric[pmodel.LabelName(name)] = pmodel.LabelValue(value)
		}
		vector = append(vector, &pmodel.Sample{Metric: metric, Value: number(s.Value), Timestamp: at})
	}
	return prom.QueryResult{Type: pmodel.ValVector, Vector: &vector}, nil
}

func (c *fakeClient) QueryRange(context.Context, prom.Range, prom.Selector) (prom.QueryResult, error) {
	return prom.QueryResult{}, errors.New("not asked")
}

func number(text string) pmodel.SampleValue {
	switch text {
	case "NaN":
		return pmodel.SampleValue(math.NaN())
	case "Infinity":
		return pmodel.SampleValue(math.Inf(1))
	case "-Infinity":
		return pmodel.SampleValue(math.Inf(-1))
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}
	return pmodel.SampleValue(value)
}

func runMetrics(request metricsRequest) metricsAnswer {
	cfg, err := config.FromYAML(request.YAML)
	if err != nil {
		return metricsAnswer{Error: err.Error()}
	}
	mapper := restMapper(request.Resources)
	customNamers, err := naming.NamersFromConfig(cfg.Rules, mapper)
	if err != nil {
		return metricsAnswer{Error: err.Error()}
	}
	externalNamers, err := naming.NamersFromConfig(cfg.ExternalRules, mapper)
	if err != nil {
		return metricsAnswer{Error: err.Error()}
	}
	client := &fakeClient{request: request, listed: map[prom.Selector]int{}, again: make(chan struct{})}
	customProvider, lister := custom.NewPrometheusProvider(mapper, nil, client, customNamers, time.Nanosecond, time.Hour)
	if len(customNamers) > 0 {
		stop, again := make(chan struct{}), client.again
		lister.RunUntil(stop)
		<-again
		close(stop)
	}
	externalProvider, externalLister := external.NewExternalPrometheusProvider(client, externalNamers, time.Hour, time.Hour)
	externalLister.(interface{ UpdateNow() }).UpdateNow()

	answer := metricsAnswer{}
	for _, info := range customProvider.ListAllMetrics() {
		answer.Listed = append(answer.Listed, info.GroupResource.String()+"/"+strconv.FormatBool(info.Namespaced)+"/"+info.Metric)
	}
	for _, info := range externalProvider.ListAllExternalMetrics() {
		answer.ListedExternal = append(answer.ListedExternal, info.Metric)
	}
	for _, r := range request.Custom {
		answer.Custom = append(answer.Custom, askCustom(client, customProvider, r))
	}
	for _, r := range request.External {
		answer.External = append(answer.External, askExternal(client, externalProvider, r))
	}
	return answer
}

func askCustom(client *fakeClient, p provider.CustomMetricsProvider, r customMetricRequest) metricAnswer {
	client.query = ""
	info := provider.CustomMetricInfo{
		GroupResource: schema.GroupResource{Group: r.Group, Resource: r.Resource},
		Namespaced:    r.Namespaced,
		Metric:        r.Metric,
	}
	name := types.NamespacedName{Namespace: r.Namespace, Name: r.Name}
	value, err := p.GetMetricByName(context.Background(), name, info, selector(r.Selector))
	if err != nil {
		return failed(client.query, err)
	}
	return metricAnswer{Query: client.query, Values: []string{value.Value.String()}}
}

func askExternal(client *fakeClient, p provider.ExternalMetricsProvider, r externalMetricRequest) metricAnswer {
	client.query = ""
	list, err := p.GetExternalMetric(context.Background(), r.Namespace, selector(r.Selector), provider.ExternalMetricInfo{Metric: r.Metric})
	if err != nil {
		return failed(client.query, err)
	}
	answer := metricAnswer{Query: client.query, Values: []string{}}
	for _, item := range list.Items {
		answer.Values = append(answer.Values, item.Value.String())
	}
	return answer
}

func failed(query string, err error) metricAnswer {
	answer := metricAnswer{Query: query, Error: err.Error(), Code: 500}
	var status apierr.APIStatus
	if errors.As(err, &status) {
		answer.Code = status.Status().Code
	}
	return answer
}
