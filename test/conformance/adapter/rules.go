package main

import (
	"fmt"

	pmodel "github.com/prometheus/common/model"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	prom "sigs.k8s.io/prometheus-adapter/pkg/client"
	"sigs.k8s.io/prometheus-adapter/pkg/config"
	"sigs.k8s.io/prometheus-adapter/pkg/naming"
)

// resource is a kind that the cluster serves.
type resource struct {
	Group, Version, Kind, Plural, Singular string
	Namespaced                             bool
}

// restMapper builds what the adapter builds from discovery: one mapper for each group, asked in order, under one that
// decides between several matches.
func restMapper(resources []resource) apimeta.RESTMapper {
	var groups apimeta.MultiRESTMapper
	byGroup := map[string]*apimeta.DefaultRESTMapper{}
	var priorities []schema.GroupVersionResource
	var kinds []schema.GroupVersionKind
	for _, r := range resources {
		version := schema.GroupVersion{Group: r.Group, Version: r.Version}
		mapper, known := byGroup[r.Group]
		if !known {
			mapper = apimeta.NewDefaultRESTMapper([]schema.GroupVersion{version})
			byGroup[r.Group] = mapper
			groups = append(groups, mapper)
			priorities = append(priorities, schema.GroupVersionResource{Group: r.Group, Version: r.Version, Resource: apimeta.AnyResource})
			kinds = append(kinds, schema.GroupVersionKind{Group: r.Group, Version: r.Version, Kind: apimeta.AnyKind})
		}
		scope := apimeta.RESTScopeRoot
		if r.Namespaced {
			scope = apimeta.RESTScopeNamespace
		}
		mapper.AddSpecific(version.WithKind(r.Kind), version.WithResource(r.Plural), version.WithResource(r.Singular), scope)
	}
	for _, r := range resources {
		priorities = append(priorities, schema.GroupVersionResource{Group: r.Group, Version: apimeta.AnyVersion, Resource: apimeta.AnyResource})
		kinds = append(kinds, schema.GroupVersionKind{Group: r.Group, Version: apimeta.AnyVersion, Kind: apimeta.AnyKind})
	}
	return apimeta.PriorityRESTMapper{Delegate: groups, ResourcePriority: priorities, KindPriority: kinds}
}

type rulesRequest struct {
	YAML      []byte
	Resources []resource
	// Series on which every rule is tried.
	Series []map[string]string
	Custom []customRequest
	// Requests of external metrics.
	External []externalRequest
}

type customRequest struct {
	Group, Resource, Namespace, Selector string
	Names                                []string
	GroupBy                              []string
}

type externalRequest struct{ Namespace, Selector string }

type rulesAnswer struct {
	ConfigError, RulesError string
	Rules, ExternalRules    []ruleAnswer
	Pods, Nodes             []textAnswer
}

type ruleAnswer struct {
	Series []seriesAnswer
	// For each request, on a series named `s`.
	Custom, External []textAnswer
}

type seriesAnswer struct {
	Passes     bool
	Name       textAnswer
	Resources  []string
	Namespaced bool
}

type textAnswer struct {
	Text  []byte
	Error string
}

func textOf(text string, err error) textAnswer {
	if err != nil {
		return textAnswer{Error: err.Error()}
	}
	return textAnswer{Text: []byte(text)}
}

func runRules(request rulesRequest) rulesAnswer {
	cfg, err := config.FromYAML(request.YAML)
	if err != nil {
		return rulesAnswer{ConfigError: err.Error()}
	}
	mapper := restMapper(request.Resources)
	custom, err := naming.NamersFromConfig(cfg.Rules, mapper)
	if err != nil {
		return rulesAnswer{RulesError: err.Error()}
	}
	external, err := naming.NamersFromConfig(cfg.ExternalRules, mapper)
	if err != nil {
		return rulesAnswer{RulesError: err.Error()}
	}
	answer := rulesAnswer{}
	for _, namer := range custom {
		answer.Rules = append(answer.Rules, askNamer(namer, request))
	}
	for _, namer := range external {
		answer.ExternalRules = append(answer.ExternalRules, askNamer(namer, request))
	}
	if cfg.ResourceRules != nil {
		for _, rule := range []config.ResourceRule{cfg.ResourceRules.CPU, cfg.ResourceRules.Memory} {
			pods, nodes, err := askResourceRule(rule, mapper, request)
			if err != nil {
				return rulesAnswer{RulesError: err.Error()}
			}
			answer.Pods = append(answer.Pods, pods...)
			answer.Nodes = append(answer.Nodes, nodes...)
		}
	}
	return answer
}

func askNamer(namer naming.MetricNamer, request rulesRequest) ruleAnswer {
	answer := ruleAnswer{}
	// Series first, as the adapter lists them before anybody asks: a query teaches the converter what the label
	// means that it made, and it never forgets.
	for _, labels := range request.Series {
		series := seriesOf(labels)
		name, err := namer.MetricNameForSeries(series)
		resources, namespaced := namer.ResourcesForSeries(series)
		texts := []string{}
		for _, r := range resources {
			texts = append(texts, r.String())
		}
		answer.Series = append(answer.Series, seriesAnswer{
			Passes:     len(namer.FilterSeries([]prom.Series{series})) == 1,
			Name:       textOf(name, err),
			Resources:  texts,
			Namespaced: namespaced,
		})
	}
	for _, r := range request.Custom {
		query, err := namer.QueryForSeries("s", schema.GroupResource{Group: r.Group, Resource: r.Resource}, r.Namespace, selector(r.Selector), r.Names...)
		answer.Custom = append(answer.Custom, textOf(string(query), err))
	}
	for _, r := range request.External {
		query, err := namer.QueryForExternalSeries("s", r.Namespace, selector(r.Selector))
		answer.External = append(answer.External, textOf(string(query), err))
	}
	return answer
}

func askResourceRule(rule config.ResourceRule, mapper apimeta.RESTMapper, request rulesRequest) (pods, nodes []textAnswer, err error) {
	converter, err := naming.NewResourceConverter(rule.Resources.Template, rule.Resources.Overrides, mapper)
	if err != nil {
		return nil, nil, err
	}
	containerQuery, err := naming.NewMetricsQuery(rule.ContainerQuery, converter)
	if err != nil {
		return nil, nil, err
	}
	nodeQuery, err := naming.NewMetricsQuery(rule.NodeQuery, converter)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range request.Custom {
		pod, err := containerQuery.Build("", schema.GroupResource{Resource: "pods"}, r.Namespace, []string{rule.ContainerLabel}, labels.Everything(), r.Names...)
		pods = append(pods, textOf(string(pod), err))
		node, err := nodeQuery.Build("", schema.GroupResource{Resource: "nodes"}, "", nil, labels.Everything(), r.Names...)
		nodes = append(nodes, textOf(string(node), err))
	}
	return pods, nodes, nil
}

func selector(text string) labels.Selector {
	parsed, err := labels.Parse(text)
	if err != nil {
		panic(fmt.Sprintf("selector %q: %v", text, err))
	}
	return parsed
}

func seriesOf(labels map[string]string) prom.Series {
	series := prom.Series{Labels: pmodel.LabelSet{}}
	for name, value := range labels {
		if name == pmodel.MetricNameLabel {
			series.Name = value
		} else {
			series.Labels[pmodel.LabelName(name)] = pmodel.LabelValue(value)
		}
	}
	return series
}
