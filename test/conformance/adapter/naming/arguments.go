// Package naming has the type on which upstream executes query templates. Its package and name show in errors and in
// what templates print, and upstream does not export it.
package naming

type queryTemplateArgs struct {
	Series            string
	LabelMatchers     string
	LabelValuesByName map[string]string
	GroupBy           string
	GroupBySlice      []string
}

// Arguments is the value that a query template sees.
func Arguments(series, labelMatchers string, labelValuesByName map[string]string, groupBy string, groupBySlice []string) any {
	return queryTemplateArgs{series, labelMatchers, labelValuesByName, groupBy, groupBySlice}
}
