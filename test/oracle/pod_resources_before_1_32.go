//go:build before_1_32

package main

import corev1 "k8s.io/api/core/v1"

// Pods have no resources of their own in the API of these versions.
func setPodRequests(*corev1.Pod, *Resources) error { return nil }
