//go:build !before_1_32

package main

import corev1 "k8s.io/api/core/v1"

func setPodRequests(pod *corev1.Pod, resources *Resources) error {
	if resources == nil {
		return nil
	}
	requests, err := requestsOf(resources.Requests)
	pod.Spec.Resources = &corev1.ResourceRequirements{Requests: requests}
	return err
}
