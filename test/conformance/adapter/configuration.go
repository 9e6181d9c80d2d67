package main

import (
	"time"

	"sigs.k8s.io/prometheus-adapter/cmd/config-gen/utils"
	"sigs.k8s.io/prometheus-adapter/pkg/config"

	yaml "gopkg.in/yaml.v2"
)

type yamlRequest struct{ Text []byte }

type yamlAnswer struct {
	Error  string
	Config *config.MetricsDiscoveryConfig
}

func runYAML(request yamlRequest) yamlAnswer {
	cfg, err := config.FromYAML(request.Text)
	if err != nil {
		return yamlAnswer{Error: err.Error()}
	}
	return yamlAnswer{Config: cfg}
}

type defaultRequest struct {
	LabelPrefix string
	Interval    string
}

type defaultAnswer struct{ YAML string }

func runDefault(request defaultRequest) defaultAnswer {
	interval, err := time.ParseDuration(request.Interval)
	if err != nil {
		panic(err)
	}
	text, err := yaml.Marshal(utils.DefaultConfig(interval, request.LabelPrefix))
	if err != nil {
		panic(err)
	}
	return defaultAnswer{YAML: string(text)}
}
