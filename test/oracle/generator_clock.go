package main

// clock decides how far syncs are apart, in seconds.
type clock struct {
	style  int
	period float64
}

const (
	steady = iota
	jittery
	mixed
	erratic
)

func (g *generator) newClock() clock {
	return clock{
		style:  pick(g.random, steady, steady, jittery, mixed, mixed, erratic),
		period: pick(g.random, 15.0, 15, 15, 5, 10, 30, 60, 300),
	}
}

func (c clock) gap(r random) float64 {
	switch c.style {
	case steady:
		return c.period
	case jittery:
		return c.period + r.Float64()*pick(r, 0.005, 0.5)
	case mixed:
		return pick(r, 5.0, 10, 15, 15, 15, 30, 60, 90, 150, 285, 300)
	default:
		return 5 + r.Float64()*295
	}
}
