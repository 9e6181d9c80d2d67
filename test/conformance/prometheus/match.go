package main

import (
	"io"

	"github.com/prometheus/prometheus/model/labels"
)

func init() {
	commands["match"] = func(_ []string, in io.Reader, out io.Writer) error {
		return answerLines(in, out, matchOne)
	}
}

// matchQuestion asks which values a regular expression of a selector matches.
type matchQuestion struct {
	Pattern string   `json:"pattern"`
	Values  []string `json:"values"`
}

type matchAnswer struct {
	Error   string `json:"error,omitempty"`
	Matches []bool `json:"matches"`
}

func matchOne(question matchQuestion) (matchAnswer, error) {
	matcher, err := labels.NewMatcher(labels.MatchRegexp, "x", question.Pattern)
	if err != nil {
		return matchAnswer{Error: err.Error()}, nil
	}
	answer := matchAnswer{}
	for _, value := range question.Values {
		answer.Matches = append(answer.Matches, matcher.Matches(value))
	}
	return answer, nil
}
