package main

import "math/rand/v2"

// random is a seeded generator with the words that scenarios need.
type random struct{ *rand.Rand }

func newRandom(seed, stream uint64) random {
	return random{rand.New(rand.NewPCG(seed, stream))}
}

// chance is true with that probability.
func (r random) chance(probability float64) bool { return r.Float64() < probability }

// between gives a whole number, both bounds included.
func (r random) between(low, high int) int { return low + r.IntN(high-low+1) }

// pick gives one of several, each as likely as any other.
func pick[T any](r random, choices ...T) T { return choices[r.IntN(len(choices))] }

// nudge gives a step of at most one, to land beside an edge as often as on it.
func (r random) nudge() float64 { return float64(r.between(-1, 1)) }
