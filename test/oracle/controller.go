//go:build !before_1_30

package main

import (
	"context"

	"k8s.io/kubernetes/pkg/controller/podautoscaler"
)

func newController(ctx context.Context, w *world) *podautoscaler.HorizontalController {
	flags := w.flags.withDefaults()
	return podautoscaler.NewHorizontalController(
		ctx, events{}, scales{world: w}, hpas{world: w}, mapper{}, metricsAPI{w},
		hpaInformer{world: w}, podInformer{informer: w.pods},
		resync, flags.downscaleStabilization, flags.tolerance, flags.cpuInitialization, flags.initialReadiness,
	)
}
