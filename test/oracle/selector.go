package main

import (
	"strconv"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// labelsMatching makes labels that the selector matches; some labels or other if it cannot be parsed.
func labelsMatching(selector string) (map[string]string, error) {
	result := map[string]string{"made-for": "the-selector"}
	parsed, err := labels.Parse(selector)
	if err != nil {
		return result, nil
	}
	requirements, _ := parsed.Requirements()
	for _, requirement := range requirements {
		values := requirement.Values().List()
		switch requirement.Operator() {
		case selection.In, selection.Equals, selection.DoubleEquals:
			result[requirement.Key()] = values[0]
		case selection.Exists:
			result[requirement.Key()] = "present"
		case selection.GreaterThan, selection.LessThan:
			bound, err := strconv.Atoi(values[0])
			if err != nil {
				return nil, err
			}
			step := 1
			if requirement.Operator() == selection.LessThan {
				step = -1
			}
			result[requirement.Key()] = strconv.Itoa(bound + step)
		}
	}
	return result, nil
}
