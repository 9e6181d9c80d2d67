package main

import "time"

// controllerFlags of kube-controller-manager that the autoscaler's controller reads.
type controllerFlags struct {
	tolerance              float64
	downscaleStabilization time.Duration
	cpuInitialization      time.Duration
	initialReadiness       time.Duration
}

// withDefaults fills in what a recording leaves out.
func (f Flags) withDefaults() controllerFlags {
	flags := controllerFlags{0.1, 5 * time.Minute, 5 * time.Minute, 30 * time.Second}
	if f.Tolerance != nil {
		flags.tolerance = *f.Tolerance
	}
	if f.DownscaleStabilization != nil {
		flags.downscaleStabilization = seconds(*f.DownscaleStabilization)
	}
	if f.CPUInitializationPeriod != nil {
		flags.cpuInitialization = seconds(*f.CPUInitializationPeriod)
	}
	if f.InitialReadinessDelay != nil {
		flags.initialReadiness = seconds(*f.InitialReadinessDelay)
	}
	return flags
}
