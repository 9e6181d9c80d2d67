package main

import (
	"fmt"
	"sync"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

// eventLog picks the events out of what Kubernetes logs: there they stand as the controller worded them, while the
// event sink sees them after similar ones were merged.
type eventLog struct {
	mutex  sync.Mutex
	events []Event
}

var log = &eventLog{events: []Event{}}

func init() { klog.SetLoggerWithOptions(logr.New(log), klog.ContextualLogger(true)) }

// take gives the events since the last call, in order.
func (l *eventLog) take() []Event {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	events := l.events
	l.events = []Event{}
	return events
}

func (*eventLog) Init(logr.RuntimeInfo)            {}
func (*eventLog) Enabled(level int) bool           { return level <= 3 }
func (*eventLog) Error(error, string, ...any)      {}
func (l *eventLog) WithValues(...any) logr.LogSink { return l }
func (l *eventLog) WithName(string) logr.LogSink   { return l }
func (l *eventLog) Info(_ int, message string, kv ...any) {
	if message != "Event occurred" {
		return
	}
	event := Event{}
	for i := 0; i+1 < len(kv); i += 2 {
		switch kv[i] {
		case "type":
			event.Type = fmt.Sprint(kv[i+1])
		case "reason":
			event.Reason = fmt.Sprint(kv[i+1])
		case "message":
			event.Message = fmt.Sprint(kv[i+1])
		}
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.events = append(l.events, event)
}
