/** Units of Grafana's value formats that panels use. */
type PanelUnit = 'reqps' | 's' | 'bytes' | 'short';

/** One line, or family of lines, of a panel. */
interface PanelQuery {
  /** PromQL. */
  readonly expr: string;
  /** Name of the line; `{{label}}` is replaced by the label's value. */
  readonly legend: string;
}

/** A chart over time. */
export interface TimeSeriesPanel {
  readonly title: string;
  readonly description?: string;
  readonly unit: PanelUnit;
  readonly queries: readonly PanelQuery[];
}

/** A Grafana dashboard: rows of charts, the charts of a row side by side. */
export interface Dashboard {
  /** Part of its address; unique in a Grafana. */
  readonly uid: string;
  readonly title: string;
  /** Time between two refreshes, e.g. `10s`. */
  readonly refresh: string;
  readonly rows: readonly (readonly TimeSeriesPanel[])[];
}

const GRID_WIDTH = 24;
const ROW_HEIGHT = 9;

/**
 * The dashboard as Grafana's provisioning reads it.
 * @param datasource uid of the Prometheus data source
 */
export function dashboardJson({ uid, title, refresh, rows }: Dashboard, datasource: string): string {
  const panels = rows.flatMap((row, y) =>
    row.map((panel, x) => ({
      panel,
      gridPos: {
        x: (x * GRID_WIDTH) / row.length,
        y: y * ROW_HEIGHT,
        w: GRID_WIDTH / row.length,
        h: ROW_HEIGHT,
      },
    })),
  );
  const model = {
    uid,
    title,
    refresh,
    editable: false,
    schemaVersion: 41,
    time: { from: 'now-30m', to: 'now' },
    timezone: 'browser',
    panels: panels.map(({ panel, gridPos }, index) => panelModel(panel, gridPos, index + 1, datasource)),
  };
  return `${JSON.stringify(model, undefined, 2)}\n`;
}

function panelModel(panel: TimeSeriesPanel, gridPos: object, id: number, datasource: string): object {
  const source = { type: 'prometheus', uid: datasource };
  return {
    id,
    type: 'timeseries',
    title: panel.title,
    ...(panel.description === undefined ? {} : { description: panel.description }),
    gridPos,
    datasource: source,
    fieldConfig: { defaults: { unit: panel.unit, min: 0, custom: { fillOpacity: 8 } }, overrides: [] },
    options: {
      legend: { displayMode: 'list', placement: 'bottom' },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: panel.queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: source,
      expr,
      legendFormat: legend,
    })),
  };
}
