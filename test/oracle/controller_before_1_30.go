//go:build before_1_30

package main

import (
	"context"

	"k8s.io/kubernetes/pkg/controller/podautoscaler"
)

func newController(_ context.Context, w *world) *podautoscaler.HorizontalController {
	flags := w.flags.withDefaults()
	const containerResourceMetrics = true
	return podautoscaler.NewHorizontalController(
		events{}, scales{world: w}, hpas{world: w}, mapper{}, metricsAPI{w},
		hpaInformer{world: w}, podInformer{informer: w.pods},
		resync, flags.downscaleStabilization, flags.tolerance, flags.cpuInitialization, flags.initialReadiness,
		containerResourceMetrics,
	)
}
