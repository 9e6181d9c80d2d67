package main

import (
	"encoding/json"
	"io"
	"syscall"
	"time"
)

// timing of many syncs, in real time.
type timing struct {
	Syncs   int     `json:"syncs"`
	Seconds float64 `json:"seconds"`
}

// timeAll plays recordings that were read before the clock starts.
func timeAll(in io.Reader, encoder *json.Encoder) error {
	var recordings []*Recording
	err := eachLine(in, func(line []byte) error {
		recording := &Recording{}
		recordings = append(recordings, recording)
		return json.Unmarshal(line, recording)
	})
	if err != nil {
		return err
	}
	began, syncs := realTime(), 0
	for _, recording := range recordings {
		if _, err := play(&replayed{recorded: recording}); err != nil {
			return err
		}
		syncs += len(recording.Syncs)
	}
	return encoder.Encode(timing{syncs, (realTime() - began).Seconds()})
}

// realTime comes from the system: package time has the virtual clock of the bubble.
func realTime() time.Duration {
	var now syscall.Timeval
	if err := syscall.Gettimeofday(&now); err != nil {
		panic(err)
	}
	return time.Duration(now.Nano())
}
